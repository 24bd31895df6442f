import { nanos } from '../format.js';
import { recoveryRows, type Spread } from '../recoveryTable.js';
import type { RunReport } from '../../run/result.js';
import { html, type Child, type Markup } from './markup.js';

const spread = (value: Spread | null): Child =>
  value === null ? '–' : value.worst === 0 ? 'none' : `${nanos(value.median)} / ${nanos(value.worst)}`;

/** The cost of each fault, over its repetitions; null when no fault was made while frames were due. */
export function recoverySection(run: RunReport): Markup | null {
  const rows = recoveryRows(run.experiments);
  if (rows.length === 0) return null;
  return html`<section id="recovery" aria-labelledby="recovery-title"><h2 id="recovery-title">Recovery</h2>
<p class="lead">Times are results without a target: median / worst over the repetitions. "Back" is from the beginning of a repair until a frame that was sent after it was on every leaf; "silence" is the longest time in which a leaf got no frame although some were sent.</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="recovery-title"><table class="plain-table"><thead><tr>${['fault', 'data plane', 'replicator', 'times', 'copies missing that were due', 'back', 'longest silence on a leaf'].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr><th scope="row">${row.verb}</th><td>${row.plane}</td><td>${row.replicator}</td><td>${row.times}</td><td class="tone-${row.missing === 0 ? 'good' : 'bad'}">${row.missing === 0 ? '✓ never' : `✗ ${String(row.missing)} times`}</td><td>${spread(row.back)}${row.neverBack > 0 ? html` <span class="tone-unsure">≈ not seen ${row.neverBack} times</span>` : null}</td><td>${spread(row.gap)}</td></tr>`)}</tbody></table></div></section>`;
}
