import { controlRows } from '../../run/controls.js';
import { isJudgedEverywhere, isSkewJudged } from '../../judge/tell/claimRows.js';
import type { RunReport } from '../../run/result.js';
import { verdictTone, VERDICT_SYMBOLS } from '../cellText.js';
import { count, millis, nanos, plural } from '../format.js';
import type { ClaimName } from '../../judge/vantage/vantages.js';
import { lossBound } from '../lossBound.js';
import { html, sentence, type Child, type Markup } from './markup.js';

/** Reasons shown without a click; the rest folds away. */
const OPEN_REASONS = 8;

/** The first thing a release manager reads. */
export function verdictSection(run: RunReport): Markup {
  const shown = run.reasons.slice(0, OPEN_REASONS);
  const rest = run.reasons.slice(OPEN_REASONS);
  return html`<section class="verdict tone-${verdictTone(run.verdict)}" id="verdict" aria-labelledby="verdict-sentence">
<p class="stamp"><span class="stamp-symbol" aria-hidden="true">${VERDICT_SYMBOLS[run.verdict]}</span> <span class="stamp-word">${run.verdict}</span></p>
<h1 id="verdict-sentence">${sentence(run.sentence)}</h1>
${
  run.reasons.length === 0
    ? null
    : html`<h2 class="reasons-title">${run.verdict === 'pass' ? 'Remarks' : 'Reasons'}</h2>
<ul class="reasons">${shown.map((reason) => html`<li>${sentence(reason)}</li>`)}</ul>
${rest.length === 0 ? null : html`<details class="more"><summary>${plural(rest.length, 'more reason', 'more reasons')}</summary><ul class="reasons">${rest.map((reason) => html`<li>${sentence(reason)}</li>`)}</ul></details>`}`
}
</section>`;
}

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
  readonly bad?: boolean;
}

const NOT_JUDGED = { value: '·', note: 'not judged here' } as const;

/** Key figures: the neighbor frames, what went wrong with them, and the basis of the verdict. */
export function figuresSection(run: RunReport): Markup {
  const { totals, controls } = run;
  const made = controlRows(controls);
  const caught = made.filter((row) => row.fate === 'caught').length;
  const isJudged = (claim: ClaimName): boolean =>
    isJudgedEverywhere(
      claim,
      run.experiments.map(({ judgement }) => judgement),
    );
  const wrong = (name: string, value: number, note: string, claim: ClaimName): Figure =>
    value === 0 && !isJudged(claim) ? { name, ...NOT_JUDGED } : { name, value: count(value), note, bad: value > 0 };
  const qualified = run.experiments.filter((experiment) => experiment.intent.type === 'qualify').length;
  const oneIn = isJudged('missing') ? lossBound(totals) : null;
  const figures: readonly Figure[] = [
    { name: 'neighbor frames', value: count(totals.probes), note: 'must be on every live leaf' },
    {
      name: 'delivered',
      value: count(totals.delivered),
      note:
        totals.probes === 0
          ? 'none was due'
          : `${share(totals.delivered, totals.probes)} ${isJudged('once') ? 'exactly' : 'at least'} once everywhere`,
      bad: totals.missing + totals.duplicate + totals.late + totals.altered > 0,
    },
    wrong(
      'missing',
      totals.missing,
      oneIn === null ? 'frame and leaf' : `one in ${count(oneIn)} lost by chance would show (95 %)`,
      'missing',
    ),
    wrong('duplicate', totals.duplicate, 'frame and leaf', 'once'),
    wrong('altered', totals.altered, 'not what was sent', 'identity'),
    wrong('late', totals.late, 'after the late band', 'missing'),
    wrong('unexpected', totals.unexpected, 'where none may be', 'reached'),
    { name: 'in a fault band', value: count(totals.inBand), note: 'nothing is claimed' },
    { name: 'data frames', value: count(totals.dataFrames), note: 'must be sent once' },
    wrong('data duplicated', totals.dataDuplicated, 'sent more than once', 'data'),
    wrong('reflected', totals.reflected, 'from leaf to leaf', 'reflection'),
    {
      name: 'skew p50',
      ...skewFigure(run),
    },
    {
      name: 'controls caught',
      value: made.length === 0 ? 'none made' : `${String(caught)}/${String(made.length)}`,
      note:
        made.length === 0
          ? 'the lab is not proved'
          : controls.survivors.length > 0
            ? plural(controls.survivors.length, 'survivor', 'survivors')
            : controls.undecided.length > 0
              ? `${String(controls.undecided.length)} not judged`
              : 'no survivor',
      bad: controls.survivors.length + controls.undecided.length > 0,
    },
    { name: 'skipped', value: count(run.skips.length), note: 'cannot be tried here' },
  ];
  const facts: readonly (readonly [string, Child])[] = [
    ['replicator', run.replicator],
    ['profile', run.profile],
    ['leaves', run.leaves.join(', ')],
    ['topology', run.topology],
    ['testbed', run.testbed],
    [
      'experiments',
      `${plural(qualified, 'experiment', 'experiments')}, ${plural(run.experiments.length - qualified, 'control', 'controls')}`,
    ],
    ['run', `${run.run}, ${started(run.startedAt)}, ${millis(run.durationMs)}`],
  ];
  return html`<section id="figures" aria-labelledby="figures-title"><h2 id="figures-title" class="visually-hidden">Key figures</h2>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<dl class="figures">${figures.map((figure) => html`<div${figure.bad === true ? html` class="wrong"` : null}><dt>${figure.name}</dt><dd><span class="number">${figure.bad === true ? '✗ ' : ''}${figure.value}</span>${figure.note === undefined ? null : html`<span class="note">${figure.note}</span>`}</dd></div>`)}</dl>
</section>`;
}

function skewFigure({ skew, experiments }: RunReport): Pick<Figure, 'value' | 'note'> {
  if (experiments.some(({ judgement }) => judgement !== null && !isSkewJudged(judgement))) return NOT_JUDGED;
  if (skew === null) return { value: '–', note: 'no pair of copies' };
  return {
    value: nanos(skew.p50Ns),
    note: `p99 ${nanos(skew.p99Ns)}, max ${nanos(skew.maxNs)}${skew.errorNs === undefined ? '' : `, ± ${nanos(skew.errorNs)}`}`,
  };
}

/** Never rounds up to 100 %. */
function share(part: number, whole: number): string {
  return part === whole ? '100 %' : `${(Math.floor((part / whole) * 1_000) / 10).toFixed(1)} %`;
}

function started(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}
