import { notJudgedIn } from '../nightly/signatures.js';
import type { KindId } from '../wire/kinds.js';
import type { JudgedTrial, QualifiedRun, RowVerdict } from './judged.js';
import { demandedDigest } from './profiles.js';
import { BUILT_IN, NEIGHBOR_KINDS, type Requirement } from './requirements.js';

/**
 * `nothing`: no experiment says anything of it. `not judged`: the captures could not carry it. `other profile`: it was
 * judged by another one than is demanded.
 */
export type CoverageVerdict = RowVerdict | 'nothing' | 'not judged' | 'other profile';

/** One cell of a requirement; a gap is a row, too. */
export interface CoverageRow {
  readonly requirement: string;
  readonly text: string;
  /** The scenarios that shall show it, as they were asked for. */
  readonly scenarios: string;
  readonly dataplane: string;
  /** Empty: of all. */
  readonly leaf: string;
  readonly kind: string;
  /** `runs/1: <id>` of the experiments that say something of it. */
  readonly experiments: readonly string[];
  readonly verdict: CoverageVerdict;
  /** What their captures could not carry. */
  readonly notJudged: readonly string[];
}

/** Worst first. What passed is worth less than what was waived only where nothing was waived. */
const ORDER: readonly CoverageVerdict[] = [
  'fail',
  'inconclusive',
  'blocked',
  'not judged',
  'nothing',
  'waived',
  'pass',
  // Whatever another profile lets pass shows nothing; where the right one was used, too, that one counts.
  'other profile',
  'skipped',
];

function worst(verdicts: readonly CoverageVerdict[]): CoverageVerdict {
  return ORDER.find((verdict) => verdicts.includes(verdict)) ?? 'nothing';
}

function isOf(pattern: string, { trial }: JudgedTrial): boolean {
  if (!pattern.endsWith('/')) return trial.scenario === pattern;
  return trial.source.split('/').at(-2) === pattern.slice(0, -1);
}

/** Whether it was judged as a requirement demands. */
function isBy(demanded: string | null, { profile }: JudgedTrial): boolean {
  return demanded === null || profile?.digest === demanded;
}

/** What one experiment says of a cell; null = nothing. */
function says(one: JudgedTrial, { kind, leaf, profile }: Cell): CoverageVerdict | null {
  const { trial, verdict } = one;
  const { judgement } = trial;
  if ((verdict === 'pass' || verdict === 'waived') && !isBy(profile, one)) return 'other profile';
  // Whatever is no pass counts for all that it could have shown.
  if (judgement === null || (verdict !== 'pass' && verdict !== 'waived')) return verdict;
  if (!judgement.leaves.includes(leaf)) return null;
  if (kind === null) return verdict;
  const cell = judgement.matrix?.[kind]?.[leaf];
  if (cell === undefined) return null;
  if (cell.frames > 0) return verdict;
  return (cell.notJudged ?? 0) > 0 ? 'not judged' : null;
}

interface Cell {
  readonly id: string;
  readonly text: string;
  readonly scenarios: string;
  readonly dataplane: string;
  readonly leaf: string;
  readonly kind: KindId | null;
  /** The digest of the profile that is demanded; null = any. */
  readonly profile: string | null;
}

function row(cell: Cell, among: readonly JudgedTrial[]): CoverageRow {
  const { id, text, scenarios, dataplane, leaf, kind } = cell;
  const told = among
    .filter(({ trial }) => trial.dataplane === dataplane)
    .flatMap((one) => {
      const said = says(one, cell);
      return said === null ? [] : [{ one, said }];
    });
  const notJudged = told.flatMap(({ one }) =>
    notJudgedIn(one.trial.judgement).filter((what) => what.endsWith(`@${leaf}`)),
  );
  return {
    requirement: id,
    text,
    scenarios,
    dataplane,
    leaf,
    kind: kind ?? '',
    experiments: told.map(({ one }) => `${one.run}: ${one.trial.id}`).sort(),
    verdict: worst(told.map(({ said }) => said)),
    notJudged: [...new Set(notJudged)].sort(),
  };
}

function uniqueSorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

/** Each once; one that nothing has where there is none. */
function orAny(texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? ['any'] : uniqueSorted(texts);
}

/**
 * Every requirement on every data plane, leaf and kind that it names, then the built-in ones: each neighbor kind on
 * each leaf on each data plane.
 */
export function coverageOf(
  requirements: readonly Requirement[],
  runs: readonly QualifiedRun[],
  judged: readonly JudgedTrial[],
): readonly CoverageRow[] {
  // Where nothing was tried there is a gap all the same, and a gap is a row.
  const planes = orAny(judged.map(({ trial }) => trial.dataplane));
  const leaves = orAny(runs.flatMap(({ report }) => report.leaves));
  const own = requirements.flatMap((requirement) => {
    const { id, text, scenarios, kinds } = requirement;
    const profile = requirement.profile === undefined ? null : demandedDigest(requirement.profile);
    const ownPlanes = requirement.dataplanes ?? planes;
    const ownLeaves = requirement.leaves ?? leaves;
    // Each scenario that is named must be there, on each data plane; a gap of one is not filled by another.
    const missing = scenarios.flatMap((pattern) =>
      ownPlanes.flatMap((dataplane): CoverageRow[] => {
        const found = judged.filter((one) => isOf(pattern, one) && one.trial.dataplane === dataplane);
        const tried = found.filter(({ verdict }) => verdict !== 'skipped');
        if (tried.some((one) => isBy(profile, one))) return [];
        return [
          {
            requirement: id,
            text,
            scenarios: pattern,
            dataplane,
            leaf: '',
            kind: '',
            experiments: found.map(({ run, trial }) => `${run}: ${trial.id}`).sort(),
            verdict: found.length === 0 ? 'nothing' : tried.length === 0 ? 'skipped' : 'other profile',
            notJudged: [],
          },
        ];
      }),
    );
    const among = judged.filter((one) => scenarios.some((pattern) => isOf(pattern, one)));
    const cells = ownPlanes.flatMap((dataplane) =>
      ownLeaves.flatMap((leaf) =>
        (kinds ?? [null]).map((kind) =>
          row({ id, text, scenarios: scenarios.join('; '), dataplane, leaf, kind, profile }, among),
        ),
      ),
    );
    return [...missing, ...cells];
  });
  const replicated = judged.filter(({ trial }) => trial.judgement !== null);
  const builtIn = NEIGHBOR_KINDS.flatMap((kind) =>
    planes.flatMap((dataplane) =>
      leaves.map((leaf) =>
        row(
          {
            id: `${BUILT_IN}${kind}`,
            text: `every ${kind} is on every leaf exactly once`,
            scenarios: 'any',
            dataplane,
            leaf,
            kind,
            profile: null,
          },
          // Where a profile owes the kind to no leaf, nothing of this was shown.
          replicated.filter(
            ({ trial, verdict, profile }) =>
              (verdict === 'pass' || verdict === 'waived') &&
              profile?.owes(kind) === true &&
              (trial.judgement?.kinds[kind]?.probes ?? 0) > 0,
          ),
        ),
      ),
    ),
  );
  return [...own, ...builtIn];
}

/** A field of a CSV, RFC 4180. A text that a spreadsheet would compute is kept a text. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The rows as CSV, RFC 4180 but with line feeds alone. */
export function coverageCsv(rows: readonly CoverageRow[]): string {
  const lines = rows.map((one) => [
    one.requirement,
    one.text,
    one.scenarios,
    one.dataplane,
    one.leaf,
    one.kind,
    one.verdict,
    one.experiments.join('; '),
    one.notJudged.join('; '),
  ]);
  const head = [
    'requirement',
    'text',
    'scenarios',
    'dataplane',
    'leaf',
    'kind',
    'verdict',
    'experiments',
    'not judged',
  ];
  return [head, ...lines].map((line) => `${line.map(field).join(',')}\n`).join('');
}
