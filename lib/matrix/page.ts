import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { millis, nanos } from '../report/format.js';
import { html, sentence, type Markup } from '../report/html/markup.js';
import { pageFolder } from '../report/html/pageAssets.js';
import { plainHead } from '../report/html/plainHead.js';
import { columnName, isControlOf, sameColumn } from './report.js';
import { cellWord } from './text.js';
import type { FirstFailure, MatrixCell, MatrixReport } from './types.js';

const STYLE = `
body { margin: 0; padding: 1.5rem; background: var(--ground); color: var(--ink); font: 14px/1.45 var(--sans); }
h1 { font-size: 1.3rem; margin: 0 0 0.5rem; } h2 { font-size: 1.05rem; margin: 1.75rem 0 0.5rem; } h3 { font-size: 0.95rem; margin: 0; }
.name-word { white-space: nowrap; } a { color: var(--link); } p { max-width: 70rem; margin: 0.4rem 0; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; background: var(--paper); border: 1px solid var(--line); }
th, td { text-align: left; vertical-align: top; padding: 0.45rem 0.7rem; border: 1px solid var(--line); font-weight: normal; }
thead th { font-weight: 600; background: var(--sunk); } tbody th { font-weight: 600; white-space: nowrap; }
td.cell { min-width: 7.5rem; max-width: 17rem; } .word { font-weight: 600; text-decoration: none; } .why { color: var(--muted); font-size: 12px; }
td.good { background: var(--good-soft); } td.bad { background: var(--bad-soft); } td.unsure { background: var(--unsure-soft); }
section.told { background: var(--paper); border: 1px solid var(--line); padding: 0.7rem 1rem; margin: 0.7rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0.5rem 0; } dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
code, pre { font: 12px/1.5 var(--mono); } pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0.2rem 0; } ul { margin: 0.2rem 0; padding-left: 1.2rem; }
.broken { border-left: 4px solid var(--bad); padding: 0.4rem 0.8rem; background: var(--bad-soft); }
@media print { body { padding: 0; background: none; } section.told, tr { break-inside: avoid; } .scroll { overflow: visible; } td, th { print-color-adjust: exact; } td.cell { min-width: 0; } }
`;

type CellTone = 'good' | 'bad' | 'unsure' | 'quiet';

function toneOf(word: string): CellTone {
  return word.startsWith('✓') ? 'good' : word.startsWith('✗') ? 'bad' : /^[?⊘]/.test(word) ? 'unsure' : 'quiet';
}

const idOf = (cell: MatrixCell): string =>
  `${cell.replicator}-on-${cell.plane}-${cell.variant}`.replaceAll(/[^A-Za-z0-9]+/g, '-');

/** Characters of a reason in the table; all of it is below. */
const WHY_MAX = 60;

function inTable(cell: MatrixCell): string {
  const { first } = cell;
  if (cell.state === 'holds')
    return `${cell.frames.delivered} of ${cell.frames.due} frames, ${cell.controls.noticed} of ${cell.controls.tried} controls`;
  if (first !== null)
    return `first: ${first.kind} of ${first.sender} ${first.wrong}${first.leaf === null ? '' : ` at ${first.leaf}`}`;
  // Most pairs do not fit: with a reason in each the others are not seen.
  if (cell.state === 'does-not-fit') return '';
  const row = `${columnName(cell)}: `;
  const why = cell.sentence.startsWith(row) ? cell.sentence.slice(row.length) : cell.sentence;
  return why.length > WHY_MAX ? `${why.slice(0, WHY_MAX - 1)}…` : why;
}

function tableCell(report: MatrixReport, cell: MatrixCell | undefined): Markup {
  if (cell === undefined) return html`<td class="cell"></td>`;
  const word = cellWord(report, cell);
  const tone = toneOf(word);
  return html`<td class="cell ${tone}"><a class="word tone-${tone}" href="#${idOf(cell)}">${word}</a><div class="why">${inTable(cell)}</div></td>`;
}

/** Bytes in lines of sixteen, with their offset. */
function hexDump(bytes: string): string {
  const lines = bytes.match(/.{1,32}/g) ?? [];
  return lines
    .map((line, at) => `${(at * 16).toString(16).padStart(4, '0')}  ${(line.match(/../g) ?? []).join(' ')}`)
    .join('\n');
}

const fileLink = (folder: string | null, file: string): Markup =>
  folder === null
    ? html`<code>${file}</code>`
    : html`<a href="${hrefOf(`${folder}/${file}`)}"><code>${file}</code></a>`;

/** A relative path as a link. */
const hrefOf = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

function firstMarkup(first: FirstFailure, folder: string | null): Markup {
  const absent = first.captures.filter((file) => !first.copies.some((copy) => copy.file === file));
  return html`<p><strong>First failing frame</strong></p><dl>
<dt>wrong</dt><dd><strong class="tone-bad">${first.wrong}</strong>${first.leaf === null ? '' : html` at <strong>${first.leaf}</strong>`}</dd>
<dt>frame</dt><dd>${first.kind} of ${first.sender}, probe ${first.probe}${first.summary === null ? '' : `: ${first.summary}`}</dd>
<dt>scenario</dt><dd>${first.scenario}</dd>
<dt>sent</dt><dd>${first.sentAt}</dd>
<dt>seen</dt><dd>${first.copies.length === 0 ? 'nowhere' : html`<ul>${first.copies.map((copy) => html`<li>${copy.leaf}, ${nanos(copy.afterNs)} later${copy.file === null || copy.number === null ? '' : html`: frame ${copy.number} of ${fileLink(folder, copy.file)}`}${copy.differences.length === 0 ? '' : html`, differs: ${copy.differences.join(', ')}`}</li>`)}</ul>`}</dd>
${absent.length === 0 ? '' : html`<dt>not in</dt><dd>${absent.map((file) => html`${fileLink(folder, file)} `)}</dd>`}
</dl>${first.frame === null ? '' : html`<details><summary>Its ${first.frame.length / 2} bytes, as they are due on the wire</summary><pre>${hexDump(first.frame)}</pre><dl>${first.fields.map(({ layer, fields }) => html`<dt>${layer}</dt><dd>${fields.map(([name, value]) => `${name} ${value}`).join(', ')}</dd>`)}</dl></details>`}`;
}

function toldCell(report: MatrixReport, cell: MatrixCell): Markup {
  const word = cellWord(report, cell);
  return html`<section class="told" id="${idOf(cell)}"><h3>${sentence(`${cell.replicator} on ${columnName(cell)}`)}: <span class="tone-${toneOf(word)}">${word}</span></h3>
<p>${sentence(cell.sentence)}</p>
${cell.first === null ? '' : firstMarkup(cell.first, cell.folder)}
<dl>
${cell.tried.length === 0 ? html`<dt>tried with</dt><dd>nothing</dd>` : html`<dt>tried with</dt><dd><ul>${cell.tried.map((title) => html`<li>${title}</li>`)}</ul></dd>`}
${cell.skipped.length === 0 ? '' : html`<dt>not tried</dt><dd><ul>${cell.skipped.map((text) => html`<li>${text}</li>`)}</ul></dd>`}
${cell.folder === null ? '' : html`<dt>controls</dt><dd>${isControlOf(report.rows, cell) ? 'none: it is one itself' : `${cell.controls.noticed} of ${cell.controls.tried} noticed`}</dd>`}
${cell.topology === null ? '' : html`<dt>wiring</dt><dd>${cell.topology}</dd>`}
${cell.report === null ? '' : html`<dt>its report</dt><dd><a href="${hrefOf(cell.report)}">${cell.report}</a></dd>`}
${cell.command === null ? '' : html`<dt>again</dt><dd><code>${cell.command}</code></dd>`}
</dl></section>
`;
}

/** The matrix as one page that loads nothing and runs nothing: the table, then each cell with its first failing frame. */
export function matrixPage(report: MatrixReport): string {
  const { rows, columns, cells } = report;
  const at = (replicator: string, column: (typeof columns)[number]) =>
    cells.find((cell) => cell.replicator === replicator && sameColumn(cell, column));
  // What must be looked at comes first.
  const tones = ['bad', 'unsure', 'good', 'quiet'] as const;
  const told = tones.flatMap((tone) => cells.filter((cell) => toneOf(cellWord(report, cell)) === tone));
  return html`<!doctype html>
<html lang="en">
${plainHead('Replicators x data planes, everyleaf', `${readFileSync(join(pageFolder(), 'theme.css'), 'utf8')}${STYLE}`)}
<body>
<main>
<h1>Which replicator holds on which data plane: <span class="tone-${report.verdict === 'pass' ? 'good' : report.verdict === 'fail' ? 'bad' : 'unsure'}">${report.verdict}</span></h1>
<p>${sentence(report.sentence)}</p>
${report.distrusted.map((one) => html`<p class="broken">${sentence(one.sentence)}</p>`)}
<div class="scroll" role="region" aria-label="The matrix" tabindex="0"><table>
<thead><tr><th scope="col">data plane</th>${rows.map(({ replicator, isControl }) => html`<th scope="col">${sentence(replicator)}${isControl ? html`<div class="why">must fail</div>` : ''}</th>`)}</tr></thead>
<tbody>
${columns.map((column) => html`<tr><th scope="row">${columnName(column)}</th>${rows.map(({ replicator }) => tableCell(report, at(replicator, column)))}</tr>\n`)}
</tbody>
</table></div>
<p>${report.scope}</p>
<p><strong>holds</strong>: the run of this pair passed, and each of its controls was noticed. <strong>fails</strong>: a frame was wrong; in the last column, which has no replicator, that is what must be seen. <strong>open</strong>: the result is unknown. <strong>no fit</strong>: the replicator is not made for the data plane. <strong>not here</strong>: this machine lacks something.</p>
${report.leftOut.map((text) => html`<p>Not on this page: ${text}.</p>`)}
<h2>Each cell</h2>
${told.map((cell) => toldCell(report, cell))}
<h2>Replicators</h2>
<dl>${rows.map(({ replicator, description }) => html`<dt>${replicator}</dt><dd>${description}</dd>`)}</dl>
<h2>How it was made</h2>
<dl><dt>run</dt><dd>${report.run}, ${report.startedAt}, ${millis(report.durationMs)}</dd><dt>testbed</dt><dd>${report.testbed}</dd><dt>command</dt><dd><code>${report.command}</code></dd>
${Object.entries(report.environment).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
</main>
</body>
</html>
`.markup;
}
