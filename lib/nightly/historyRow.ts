import { html, trusted, type Markup } from '../report/html/markup.js';
import type { Verdict } from '../judge/types.js';
import type { Night, NightTest } from './night.js';

/** Height of a row, CSS pixels. */
const ROW = 14;

/** Findings that a tooltip names; a test can have hundreds. */
const FINDINGS_SHOWN = 3;

/** CSS pixels of one night, so that a year fits on a screen and a week can still be pointed at. */
export function nightWidth(nights: number): number {
  return nights <= 60 ? 12 : nights <= 180 ? 6 : 3;
}

/** Consecutive nights in which a test said the same. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  /** null = it was not in these. */
  readonly test: NightTest | null;
}

function stretchesOf(name: string, nights: readonly Night[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let said: string | null = null;
  nights.forEach(({ tests }, i) => {
    const test = Object.hasOwn(tests, name) ? (tests[name] ?? null) : null;
    const says = test === null ? 'absent' : `${test.verdict} ${test.signatures.join(' ')}`;
    const last = stretches.at(-1);
    if (last !== undefined && says === said) stretches[stretches.length - 1] = { ...last, to: i };
    else stretches.push({ from: i, to: i, test });
    said = says;
  });
  return stretches;
}

const FILL: Readonly<Record<Verdict, string>> = {
  pass: 'good',
  fail: 'bad',
  inconclusive: 'unsure',
  blocked: 'unsure',
  skipped: 'quiet',
};

function tip({ from, to, test }: Stretch, nights: readonly Night[]): string {
  const [first, last] = [nights[from], nights[to]];
  const when =
    from === to ? `run ${first?.run ?? ''}` : `${to - from + 1} runs, ${first?.run ?? ''} to ${last?.run ?? ''}`;
  const signatures = test?.signatures ?? [];
  const more = signatures.length > FINDINGS_SHOWN ? ` and ${signatures.length - FINDINGS_SHOWN} more` : '';
  const found = signatures.slice(0, FINDINGS_SHOWN).join(', ').slice(0, 200);
  return `${test?.verdict ?? ''} in ${when}${found === '' ? '' : `: ${found}${more}`}`;
}

/** What one test said each night, as a strip: passes as one shape, everything else with what was found. */
export function nightStrip(name: string, nights: readonly Night[]): Markup {
  const cell = nightWidth(nights.length);
  const x = ({ from }: Stretch): number => from * cell;
  const wide = ({ from, to }: Stretch): number => (to - from + 1) * cell;
  const stretches = stretchesOf(name, nights);
  const passes = stretches
    .filter(({ test }) => test?.verdict === 'pass')
    .map((one) => `M${x(one)} 1h${wide(one)}v${ROW - 2}h-${wide(one)}z`)
    .join('');
  const others = stretches.flatMap((one) =>
    one.test === null || one.test.verdict === 'pass'
      ? []
      : [
          html`<rect class="${FILL[one.test.verdict]}" x="${x(one)}" y="${one.test.verdict === 'skipped' ? 5 : 0}" width="${wide(one)}" height="${one.test.verdict === 'skipped' ? 4 : ROW}"><title>${tip(one, nights)}</title></rect>`,
        ],
  );
  const count = (verdicts: readonly Verdict[]): number =>
    nights.filter(({ tests }) => Object.hasOwn(tests, name) && verdicts.includes(tests[name]?.verdict ?? 'pass'))
      .length;
  return html`<svg role="img" aria-label="${count(['pass'])} passes, ${count(['fail'])} failures, ${count(['inconclusive', 'blocked'])} not judged in ${nights.length} runs" width="${nights.length * cell}" height="${ROW}">${passes === '' ? null : html`<path class="good" d="${trusted(passes)}"/>`}${others}</svg>`;
}

/** A mark over each night whose inputs are not those of the night before. */
export function inputsStrip(nights: readonly Night[], changed: readonly (readonly string[])[]): Markup {
  const cell = nightWidth(nights.length);
  return html`<svg role="img" aria-label="inputs changed in ${changed.filter((one) => one.length > 0).length} of ${nights.length} runs" width="${nights.length * cell}" height="${ROW}">${changed.map((what, i) => (what.length === 0 ? null : html`<rect class="mark" x="${i * cell}" y="2" width="${Math.max(2, cell - 1)}" height="${ROW - 4}"><title>${nights[i]?.run ?? ''}: ${what.join('; ').slice(0, 300)}</title></rect>`))}</svg>`;
}
