import { html, type Markup } from '../report/html/markup.js';
import { plainHead } from '../report/html/plainHead.js';
import type { CoverageRow } from './coverage.js';
import type { Decision } from './decide.js';
import type { QualifiedRun } from './judged.js';
import { changesSince, type Baseline, type Release } from './release.js';
import { BUILT_IN } from './requirements.js';

/** Two printed pages of A4, whatever is shown: each list is as long as fits, and says how much more there is. */
const STYLE = `
@page { size: A4; margin: 12mm; }
:root { color-scheme: light; }
body { font: 9pt/1.25 system-ui, sans-serif; color: #111; background: #fff; max-width: 182mm; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 15pt; margin: 0 0 4pt; } h2 { font-size: 11pt; margin: 10pt 0 3pt; break-after: avoid; }
p, ul { margin: 3pt 0; } ul { padding-left: 14pt; } li { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: 8pt; line-height: 1.2; } tr { break-inside: avoid; }
th, td { text-align: left; padding: 0.8pt 5pt; border-bottom: 0.5pt solid #bbb; overflow-wrap: anywhere; font-weight: normal; }
thead th { border-bottom: 1pt solid #111; font-weight: 600; }
.good { color: #0b5d1e; } .bad { color: #a40000; font-weight: 600; } .quiet { color: #444; font-size: 8pt; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
`;

const SHOWN = { problems: 7, notJudged: 5, notes: 4, changes: 3, requirements: 9, runs: 3 } as const;
/** Characters of one item of a list, about a line; the bundle has the whole. */
const LINE_MAX = 100;
/** The same in the table, whose first column is narrow. */
const CELL_MAX = 55;

/** All that the page shows. */
export interface PageInput {
  readonly release: Release;
  readonly runs: readonly QualifiedRun[];
  readonly coverage: readonly CoverageRow[];
  readonly decision: Decision;
  readonly baseline: Baseline | null;
}

function cut(text: string, most = LINE_MAX): string {
  return text.length > most ? `${text.slice(0, most)} ...` : text;
}

function list(items: readonly string[], most: number): Markup {
  return html`<ul>${items.slice(0, most).map((item) => html`<li>${cut(item)}</li>`)}${items.length > most && html`<li>and ${items.length - most} more</li>`}</ul>`;
}

/** `4 of 4`, and what the rest is. */
function shownText(rows: readonly CoverageRow[]): Markup {
  if (rows.length === 0) return html`<span class="quiet">not asked</span>`;
  const passed = rows.filter(({ verdict }) => verdict === 'pass').length;
  const others = [...new Set(rows.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'pass'))];
  const isGood = others.every((verdict) => verdict === 'waived');
  return html`<span class="${isGood ? 'good' : 'bad'}">${isGood ? '✔' : '✘'} ${passed} of ${rows.length}${others.length > 0 && `, ${others.join(', ')}`}</span>`;
}

function groups<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) found.set(key(item), [...(found.get(key(item)) ?? []), item]);
  return found;
}

/** Requirements x data planes; what each cell counts are leaves and kinds. */
function coverageTable(coverage: readonly CoverageRow[]): Markup {
  const planes = [...new Set(coverage.map(({ dataplane }) => dataplane))].sort();
  const rows = [...groups(coverage, ({ requirement }) => requirement)];
  const isOwn = ([id]: (typeof rows)[number]) => !id.startsWith(BUILT_IN);
  const own = rows.filter(isOwn);
  // What is not shown must be seen: gaps first, in a list that may be cut.
  const isWhole = ([, cells]: (typeof rows)[number]) => cells.every(({ verdict }) => verdict === 'pass');
  const first = [...own.filter((row) => !isWhole(row)), ...own.filter(isWhole)];
  const line = ([id, cells]: (typeof rows)[number]) =>
    html`<tr><th scope="row">${cut(isOwn([id, cells]) ? `${id}: ${cells[0]?.text ?? ''}` : id.slice(BUILT_IN.length), CELL_MAX)}</th>${planes.map((plane) => html`<td>${shownText(cells.filter(({ dataplane }) => dataplane === plane))}</td>`)}</tr>`;
  const more = first.length - SHOWN.requirements;
  return html`<table><thead><tr><th scope="col">requirement, or kind of frame</th>${planes.map((plane) => html`<th scope="col">${plane}</th>`)}</tr></thead><tbody>${first.slice(0, SHOWN.requirements).map(line)}${more > 0 && html`<tr><td colspan="${planes.length + 1}">and ${more} more requirements: coverage.csv</td></tr>`}${rows.filter((row) => !isOwn(row)).map(line)}</tbody></table>`;
}

/** What nobody may take for shown. */
function notJudged(coverage: readonly CoverageRow[]): readonly string[] {
  const gaps = coverage
    .filter(({ verdict }) => ['nothing', 'not judged', 'other profile', 'skipped'].includes(verdict))
    .map(
      ({ requirement, dataplane, leaf, kind, verdict }) =>
        `${[requirement, dataplane, leaf, kind].filter((part) => part !== '').join(', ')}: ${verdict}`,
    );
  const claims = [...new Set(coverage.flatMap(({ notJudged: what }) => what))].map(
    (what) => `captures could not carry ${what}`,
  );
  return [...gaps, ...claims];
}

function changesSection(release: Release, baseline: Baseline | null): Markup {
  if (baseline === null) return html`<h2>What changed</h2><p>No release before this one was named.</p>`;
  const { worse, better, gone, added, facts } = changesSince(baseline.release, release);
  const part = (title: string, items: readonly string[]) =>
    items.length === 0 ? null : html`<p>${title}</p>${list(items, SHOWN.changes)}`;
  const parts = [
    part('No longer shown, or worse:', worse),
    part('Shown then, and not asked now:', gone),
    part('Shown now, and not then:', better),
    part('Asked now, and not then:', added),
    part('What it depends on:', facts),
  ].filter((one) => one !== null);
  const { createdAt, qualified, sentence, version } = baseline.release;
  return html`<h2>What changed since the release before</h2>
<p class="quiet">Before: ${cut(sentence)} ${createdAt.slice(0, 10)}, everyleaf ${version}${!qualified && ', not qualified'}. Its SHA256SUMS has the digest ${baseline.sums}; what it says is not judged again here.</p>
${parts.length === 0 ? html`<p>Nothing that was recorded.</p>` : parts}`;
}

/** The page for whoever decides on a release: one file that loads nothing. */
export function renderRelease({ release, runs, coverage, decision, baseline }: PageInput): string {
  const gaps = notJudged(coverage);
  const { problems, notes } = decision;
  return html`<!doctype html>
<html lang="en">
${plainHead(`${release.qualified ? 'qualified' : 'not qualified'}: ${release.replicator}`, STYLE)}
<body>
<h1 class="${release.qualified ? 'good' : 'bad'}">${release.qualified ? '✔ qualified' : '✘ not qualified'}</h1>
<p>${release.sentence}</p>
<p class="quiet">${release.createdAt}, everyleaf ${release.version}. ${runs.slice(0, SHOWN.runs).map(({ folder, report, place }) => `${folder}: run ${report.run} of ${report.startedAt} on ${place}, ${cut(report.topology, CELL_MAX)}, judged by ${report.profile}. `)}${runs.length > SHOWN.runs && `And ${runs.length - SHOWN.runs} more runs. `}Whether this page is right: everyleaf verify, see VERIFY.md.</p>
${problems.length > 0 && html`<h2>Why not</h2>${list(problems, SHOWN.problems)}`}
<h2>What was not judged</h2>
${gaps.length === 0 ? html`<p>Nothing that was required.</p>` : list(gaps, SHOWN.notJudged)}
${changesSection(release, baseline)}
${notes.length > 0 && html`<h2>To be known</h2>${list(notes, SHOWN.notes)}`}
<h2>What was required, and shown</h2>
<p class="quiet">A cell counts leaves and kinds of frames; coverage.csv names the experiments.</p>
${coverageTable(coverage)}
</body>
</html>
`.markup;
}
