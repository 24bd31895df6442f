import { controlRows } from '../../run/controls.js';
import type { ControlCell, ControlRow, RunReport } from '../../run/result.js';
import { VERDICT_SYMBOLS } from '../cellText.js';
import { plural } from '../format.js';
import { html, type Markup } from './markup.js';

const FATES = {
  caught: { tone: 'tone-good', text: '✓ caught' },
  survived: { tone: 'tone-bad', text: '✗ SURVIVED' },
  undecided: { tone: 'tone-unsure', text: '? not judged' },
} as const;

/** Mutants and tampers x scenarios: the proof that this lab notices failures. */
export function controlsSection(run: RunReport): Markup {
  const { controls } = run;
  const heading = html`<h2 id="controls-title">Controls: what is wrong on purpose</h2>`;
  const rows = controlRows(controls);
  if (rows.length === 0) {
    return html`<section id="controls" aria-labelledby="controls-title">${heading}<p class="empty">No control was made. A pass without controls shows that nothing was noticed, not that nothing is wrong.</p></section>`;
  }
  return html`<section id="controls" aria-labelledby="controls-title">${heading}
<p class="lead">Each must be noticed, and for its own reason. ${caughtOf(controls.mutants, 'A mutant is a broken replicator in the place of the one under test')}${caughtOf(controls.tampers, `A tamper does something wrong to the frames on the wires behind ${run.replicator}, which itself works`)}</p>
${controls.survivors.length === 0 ? null : html`<div class="alarm"><p><b>✗ ${plural(controls.survivors.length, 'survived', 'survived')}:</b> ${controls.survivors.join(', ')}. A scenario that must notice it did not, so a pass of this lab proves nothing.</p></div>`}
${controls.undecided.length === 0 ? null : html`<div class="alarm"><p><b>? ${String(controls.undecided.length)} not judged:</b> ${controls.undecided.join(', ')}. A control of it broke or was inconclusive, so it is unknown whether this run would have noticed it.</p></div>`}
${controls.unproven.length === 0 ? null : html`<div class="alarm"><p><b>✗ ${plural(controls.unproven.length, 'scenario', 'scenarios')} never failed:</b> ${controls.unproven.join('; ')}. No control ever made it fail, so nothing shows that it can.</p></div>`}
<div class="scroll" role="region" tabindex="0" aria-labelledby="controls-title"><table class="controls">
<thead><tr><th scope="col" class="corner">mutant or tamper</th><th scope="col">caught</th>${controls.scenarios.map((scenario) => html`<th scope="col" class="scenario">${scenario}</th>`)}</tr></thead>
<tbody>${rows.map(
    (
      row,
    ) => html`<tr${row.fate === 'caught' ? null : html` class="survivor"`}><th scope="row"><span class="kind">${row.name}</span> <span class="what">${row.type}</span> <span class="standard">${row.description}</span></th>
<td class="${FATES[row.fate].tone}"><span class="plain">${FATES[row.fate].text}</span></td>${controls.scenarios.map((scenario) => controlCell(row.cells[scenario]))}</tr>`,
  )}</tbody></table></div>
<p class="note">✓ failed for the expected reason. ✗ failed for another reason. – the scenario passed, which is right where it does not test for this.</p></section>`;
}

function caughtOf(rows: readonly ControlRow[], what: string): string {
  const caught = rows.filter((row) => row.fate === 'caught').length;
  return rows.length === 0 ? '' : `${what}: ${String(caught)} of ${String(rows.length)} were caught. `;
}

function controlCell(cell: ControlCell | undefined): Markup {
  if (cell === undefined)
    return html`<td class="tone-quiet"><span class="plain">·<span class="visually-hidden">not run</span></span></td>`;
  const link = (content: Markup): Markup =>
    html`<a class="plain" href="#x-${cell.experiment}" title="${cell.reason}">${content}</a>`;
  if (cell.fate === 'caught')
    return html`<td class="tone-good">${link(html`✓ <span class="word">${cell.proofs.join(', ')}</span>`)}</td>`;
  if (cell.verdict === 'pass')
    return html`<td class="tone-quiet">${link(html`–<span class="visually-hidden"> passed</span>`)}</td>`;
  if (cell.verdict === 'fail')
    return html`<td class="tone-unsure">${link(html`✗ <span class="word">${cell.signatures.length === 0 ? 'fail' : cell.signatures.join(', ')}</span>`)}</td>`;
  return html`<td class="tone-unsure">${link(html`${VERDICT_SYMBOLS[cell.verdict]} <span class="word">${cell.verdict}</span>`)}</td>`;
}
