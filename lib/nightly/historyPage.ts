import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { html, type Markup } from '../report/html/markup.js';
import { pageFolder } from '../report/html/pageAssets.js';
import { plainHead } from '../report/html/plainHead.js';
import type { Comparison } from './compare.js';
import { inputsStrip, nightStrip } from './historyRow.js';
import type { Night } from './night.js';
import { changedInputs, pastOf, runText } from './past.js';
import { nightSentence } from './text.js';

const STYLE = `
body { margin: 0; padding: 1.5rem; background: var(--ground); color: var(--ink); font: 14px/1.4 var(--sans); }
h1 { font-size: 1.25rem; margin: 0 0 0.5rem; } h2 { font-size: 1rem; margin: 1.5rem 0 0.5rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; background: var(--paper); }
th, td { text-align: left; padding: 1px 8px; border-bottom: 1px solid var(--line); white-space: nowrap; font-weight: normal; }
thead th { font-weight: 600; } th.test { max-width: 34rem; overflow: hidden; text-overflow: ellipsis; position: sticky; left: 0; background: var(--paper); }
svg { display: block; } svg .good { fill: var(--good); } svg .bad { fill: var(--bad); } svg .unsure { fill: var(--unsure); }
svg .quiet { fill: var(--quiet); } svg .mark { fill: var(--link); }
.key span { margin-right: 1.25rem; } li { margin: 0.25rem 0; }
`;

/** More sentences than these are folded away. */
const ITEMS_OPEN = 10;

/** What is to be read first: what must be looked at, then what does not pass, then the rest; each by its name. */
function rank(name: string, night: Night | undefined, gating: ReadonlySet<string>): number {
  if (gating.has(name)) return 0;
  const verdict = night !== undefined && Object.hasOwn(night.tests, name) ? night.tests[name]?.verdict : undefined;
  return verdict === undefined ? 2 : verdict === 'pass' ? 3 : 1;
}

/** Since when a test has not passed; empty where it passes, or is not there any more. */
function failureAge(name: string, nights: readonly Night[]): string {
  const past = pastOf(name, nights);
  const [last] = past;
  if (last === undefined || last.night !== nights.at(-1)) return 'not in the last run';
  if (last.test.verdict === 'pass') return '';
  const end = past.findIndex(({ test }) => test.verdict === 'pass');
  const streak = end === -1 ? past : past.slice(0, end);
  const first = streak.at(-1) ?? last;
  return `${last.test.verdict} since ${first.night.at.slice(0, 10)}, ${streak.length} ${streak.length === 1 ? 'run' : 'runs'}`;
}

function changesTable(nights: readonly Night[], changed: readonly (readonly string[])[]): Markup {
  const rows = nights
    .map((night, i) => ({ night, what: changed[i] ?? [] }))
    .filter(({ what }) => what.length > 0)
    .reverse();
  return html`<h2>Inputs that changed</h2>${
    rows.length === 0
      ? html`<p>None.</p>`
      : html`<div class="scroll"><table><tbody>${rows.map(({ night, what }) => html`<tr><td>${runText(night)}</td><td>${what.join('; ')}</td></tr>`)}</tbody></table></div>`
  }`;
}

/** What is said of single tests; a long list does not push the matrix out of sight. */
function itemsList(items: Comparison['items']): Markup {
  const list = html`<ul>${items.map(({ word, test, gates, sentence }) => html`<li><strong class="${gates ? 'tone-bad' : 'tone-quiet'}">${word}</strong> ${test}: ${sentence}</li>`)}</ul>`;
  return items.length <= ITEMS_OPEN
    ? list
    : html`<details><summary>What is new, and what is known: ${items.length} sentences</summary>${list}</details>`;
}

/**
 * The history of one place as one page that loads nothing and runs nothing: tests x nights, the inputs that changed, and
 * the age of each failure.
 * @param nights the oldest first; the last is the night that was compared
 */
export function renderHistory(place: string, nights: readonly Night[], comparison: Comparison): string {
  const last = nights.at(-1);
  const gating = new Set(comparison.items.flatMap(({ gates, test }) => (gates ? [test] : [])));
  const names = [...new Set(nights.flatMap(({ tests }) => Object.keys(tests)))]
    .map((name) => ({ name, rank: rank(name, last, gating) }))
    .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1));
  const changed = nights.map((night, i) => {
    const before = nights[i - 1];
    return before === undefined ? [] : changedInputs(before, night);
  });
  const { items, notes } = comparison;
  return html`<!doctype html>
<html lang="en">
${plainHead(`${place}: ${nights.length} runs, everyleaf`, `${readFileSync(join(pageFolder(), 'theme.css'), 'utf8')}${STYLE}`)}
<body>
<main>
<h1>${place}: ${last === undefined ? 'no run yet' : nightSentence(last, comparison)}</h1>
${notes.map((note) => html`<p>${note}</p>`)}
${itemsList(items)}
<p class="key"><span class="tone-good">■ pass</span><span class="tone-bad">■ fail</span><span class="tone-unsure">■ not judged</span><span class="tone-quiet">▬ skipped</span><span>empty: not in this run</span></p>
<div class="scroll"><table>
<thead><tr><th class="test" scope="col">test</th><th scope="col">${last === undefined ? '' : `${runText(nights[0] ?? last)} to ${runText(last)}`}</th><th scope="col">does not pass</th></tr></thead>
<tbody>
<tr><th class="test" scope="row">inputs changed</th><td>${inputsStrip(nights, changed)}</td><td></td></tr>
${names.map(({ name }) => html`<tr><th class="test" scope="row" title="${name}">${name}</th><td>${nightStrip(name, nights)}</td><td>${failureAge(name, nights)}</td></tr>\n`)}
</tbody>
</table></div>
${changesTable(nights, changed)}
</main>
</body>
</html>
`.markup;
}
