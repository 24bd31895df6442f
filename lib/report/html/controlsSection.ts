import type { ControlCell, RunReport } from '../../run/result.js';
import { VERDICT_SYMBOLS } from '../cellText.js';
import { plural } from '../format.js';
import { html, type Markup } from './markup.js';

const FATES = {
  caught: { tone: 'tone-good', text: '✓ caught' },
  survived: { tone: 'tone-bad', text: '✗ SURVIVED' },
  undecided: { tone: 'tone-unsure', text: '? not judged' },
} as const;

/** Mutant x scenario: the proof that this lab notices what is broken. */
export function controlsSection(run: RunReport): Markup {
  const { controls } = run;
  const heading = html`<h2 id="controls-title">Controls: replicators broken on purpose</h2>`;
  if (controls.mutants.length === 0) {
    return html`<section id="controls" aria-labelledby="controls-title">${heading}<p class="empty">No mutant was run. A pass without controls shows that nothing was noticed, not that nothing is wrong.</p></section>`;
  }
  const caught = controls.mutants.filter((row) => row.fate === 'caught').length;
  return html`<section id="controls" aria-labelledby="controls-title">${heading}
<p class="lead">Each mutant must be noticed, and for a reason that is its own. ${caught} of ${controls.mutants.length} were caught.</p>
${controls.survivors.length === 0 ? null : html`<div class="alarm"><p><b>✗ ${plural(controls.survivors.length, 'mutant survived', 'mutants survived')}:</b> ${controls.survivors.join(', ')}. A scenario that must notice it did not, so a pass of this lab proves nothing.</p></div>`}
${controls.undecided.length === 0 ? null : html`<div class="alarm"><p><b>? ${plural(controls.undecided.length, 'mutant', 'mutants')} not judged:</b> ${controls.undecided.join(', ')}. A control of it broke or was inconclusive, so nobody knows whether this run would have noticed it.</p></div>`}
${controls.unproven.length === 0 ? null : html`<div class="alarm"><p><b>✗ ${plural(controls.unproven.length, 'scenario', 'scenarios')} never failed:</b> ${controls.unproven.join('; ')}. No mutant ever made it fail, so nothing shows that it can.</p></div>`}
<div class="scroll" role="region" tabindex="0" aria-labelledby="controls-title"><table class="controls">
<thead><tr><th scope="col" class="corner">mutant</th><th scope="col">caught</th>${controls.scenarios.map((scenario) => html`<th scope="col" class="scenario">${scenario}</th>`)}</tr></thead>
<tbody>${controls.mutants.map(
    (
      row,
    ) => html`<tr${row.fate === 'caught' ? null : html` class="survivor"`}><th scope="row"><span class="kind">${row.mutant}</span> <span class="standard">${row.description}</span></th>
<td class="${FATES[row.fate].tone}"><span class="plain">${FATES[row.fate].text}</span></td>${controls.scenarios.map((scenario) => controlCell(row.cells[scenario]))}</tr>`,
  )}</tbody></table></div>
<p class="note">✓ failed with a reason that this mutant must show. ✗ without it means failed for another reason. – the scenario passed, which is right where it does not ask about what this mutant breaks.</p></section>`;
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
