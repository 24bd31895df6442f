import type { Family, KindEntry } from '../../wire/kinds.js';
import { cellText } from '../cellText.js';
import { plural } from '../format.js';
import type { MatrixGroup, MatrixRow, MatrixSection } from '../matrix.js';
import type { LadderBook } from './ladderBook.js';
import { html, type Markup } from './markup.js';

const FAMILIES: Readonly<Record<Family, string>> = {
  arp: 'ARP',
  nd: 'Neighbor Discovery',
  router: 'Router messages and relatives',
  data: 'Data',
  'near-miss': 'Near misses: look like neighbor frames, but are not',
  'link-local': 'Link-local protocols',
};

/** px; the words in a narrower cell would not fit. */
const ROW_HEAD = 470;
const CELL = 104;

const DUTY_WORDS = {
  replicated: 'one each',
  single: 'once',
  unjudged: 'recorded',
  'at-most-once': 'at most once',
  'on-host': 'none',
  mixed: 'by tag',
  never: 'none',
} as const;

/** Kinds x leaves per data plane, one table for each fault state. */
export function matrixSection(sections: readonly MatrixSection[], ladders: LadderBook): Markup {
  return html`<section id="matrix" aria-labelledby="matrix-title"><h2 id="matrix-title">Delivery matrix</h2>
${
  sections.length === 0
    ? html`<p class="empty">No probe was judged, so there is nothing to show.</p>`
    : html`<p class="lead">Rows are kinds of frames, columns are leaves. Each cell counts the probes of which the leaf got exactly the one copy that was due. Choose a cell to see its ladder and its frames.</p>
<p class="legend"><span><b class="tone-good">✓</b> as it must be</span> <span><b class="tone-bad">✗</b> wrong, with the word</span> <span><b class="tone-unsure">?</b> no claim</span> <span><b class="tone-unsure">≈</b> in a fault band</span> <span><b class="tone-quiet">–</b> none due</span> <span><b class="tone-quiet">○</b> recorded, not judged</span> <span><b class="tone-quiet">·</b> no probe, or, with a number, not judged here: this vantage cannot carry it</span></p>
${sections.map((section, index) => sectionTable(section, index, ladders))}`
}
</section>`;
}

function sectionTable(section: MatrixSection, index: number, ladders: LadderBook): Markup {
  const { leaves, planes, state } = section;
  const width = planes.length * leaves.length + 1;
  const id = `matrix-${String(index)}`;
  return html`<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}"><table class="matrix" style="min-width:${ROW_HEAD + (width - 1) * CELL}px">
<caption id="${id}">${state.title}${state.deadLegs.length > 0 ? html` <span class="tone-unsure">⊘ ${plural(state.deadLegs.length, 'leg', 'legs')} down</span>` : null}</caption>
<colgroup><col class="head-column"></colgroup>${planes.map(() => html`<colgroup span="${leaves.length}"></colgroup>`)}
<thead><tr><th scope="col" rowspan="2" class="corner"><div class="row-head"><span class="kind">kind</span> <span class="standard">standard</span> <span class="duty">due</span></div></th>${planes.map((plane) => html`<th scope="colgroup" colspan="${leaves.length}" class="plane">${plane}</th>`)}</tr>
<tr>${planes.map(() => leaves.map((leaf, at) => html`<th scope="col" class="${at === 0 ? 'leaf first' : 'leaf'}">${leaf}</th>`))}</tr></thead>
${familiesOf(section.rows).map(
  ([
    title,
    rows,
  ]) => html`<tbody><tr class="family"><th scope="rowgroup" colspan="${width}"><span>${title}</span></th></tr>
${rows.map((row) => html`<tr><th scope="row"><div class="row-head"><span class="kind">${row.kind.title}</span> <span class="standard">${row.kind.standard}</span> <span class="duty">${dutyOf(row)}</span></div></th>${row.groups.map((group) => groupCells(group, row.kind, section, ladders))}</tr>`)}</tbody>`,
)}
</table></div>`;
}

function groupCells(group: MatrixGroup, kind: KindEntry, section: MatrixSection, ladders: LadderBook): Markup {
  const ladder = ladders.add(group, kind, section.state, section.leaves);
  return html`${group.cells.map((cell, at) => {
    const text = cellText(cell, group.duty);
    const content = html`<span class="symbol" aria-hidden="true">${text.symbol}</span>${text.count === '' ? null : html`<span class="count">${text.count}</span>`}${text.word === '' ? null : html`<span class="word">${text.word}</span>`}`;
    const label = `${kind.title}, ${group.plane}, ${section.state.title}, ${cell.leaf}: ${text.sentence}`;
    const first = at === 0 ? 'first ' : '';
    if (ladder === null || cell.total === 0)
      return html`<td class="${first}tone-${text.tone}"><span class="plain">${content}<span class="visually-hidden">${text.sentence}</span></span></td>`;
    return html`<td class="${first}tone-${text.tone}"><button type="button" class="cell" data-ladder="${ladder}" data-leaf="${at}" aria-expanded="false" aria-label="${label}. Show ladder." title="${text.sentence}">${content}</button></td>`;
  })}`;
}

function dutyOf(row: MatrixRow): string {
  const duties = new Set(row.groups.flatMap((group) => (group.duty === null ? [] : [group.duty])));
  const [only] = duties;
  return duties.size === 1 && only !== undefined ? DUTY_WORDS[only] : DUTY_WORDS.mixed;
}

const ON_HOST = 'Sent to one neighbor on the same host: must arrive there, and is due at no leaf';
const REFLECTION = 'Sent by a leaf, or by another host behind it: must not come back to any leaf';

/** Rows under their headings, in the order of the headings. */
function familiesOf(rows: readonly MatrixRow[]): readonly (readonly [string, readonly MatrixRow[]])[] {
  const titles = [...Object.values(FAMILIES), ON_HOST, REFLECTION];
  const titleOf = ({ variant, kind }: MatrixRow): string =>
    variant === 'from-leaf' ? REFLECTION : variant === 'on-host' ? ON_HOST : FAMILIES[kind.family];
  return titles.flatMap((title) => {
    const list = rows.filter((row) => titleOf(row) === title);
    return list.length === 0 ? [] : [[title, list] as const];
  });
}
