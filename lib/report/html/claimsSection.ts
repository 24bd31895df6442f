import { claimRows } from '../../judge/tell/claimRows.js';
import { CLAIM_TEXT } from '../../judge/vantage/vantages.js';
import type { RunReport } from '../../run/result.js';
import { html, type Child, type Markup } from './markup.js';

/** What the captures can carry, where not all of them carry all. */
export function claimsSection(run: RunReport): Markup | null {
  const [judged] = run.experiments.flatMap(({ judgement }) => {
    const rows = judgement === null ? [] : claimRows(judgement);
    return judgement === null || rows.length === 0 ? [] : [{ leaves: judgement.leaves, rows }];
  });
  if (judged === undefined) return null;
  const { leaves, rows } = judged;
  const cell = (why: string | null): Child =>
    why === null
      ? html`<td>judged</td>`
      : html`<td>·<span class="visually-hidden">not judged here: </span> ${why}</td>`;
  return html`<section id="claims" aria-labelledby="claims-title"><h2 id="claims-title">What the captures can carry</h2>
<div class="scroll" role="region" tabindex="0" aria-labelledby="claims-title"><table class="plain-table"><thead><tr><th scope="col">claim</th><th scope="col">demanded</th>${leaves.map((leaf) => html`<th scope="col">${leaf}</th>`)}</tr></thead><tbody>${rows.map(({ claim, isDemanded, why }) => html`<tr><th scope="row">${claim}<span class="note"> ${CLAIM_TEXT[claim]}</span></th><td>${isDemanded ? 'yes' : 'no'}</td>${why.map(cell)}</tr>`)}</tbody></table></div>
<p>· = not judged here: neither good nor bad.</p></section>`;
}
