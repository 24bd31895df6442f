import type { Signature } from '../judge/types.js';
import { controlOf, type ControlName } from './controlName.js';
import type { PlannedControl } from './plan.js';
import type { ControlCell, ControlRow, ControlsTable, Fate, TrialRecord } from './result.js';

function signatures(experiment: TrialRecord): readonly Signature[] {
  const failed = experiment.judgement?.findings.filter((finding) => finding.verdict === 'fail') ?? [];
  return [...new Set(failed.map((finding) => finding.signature))];
}

/**
 * Caught: the scenario failed, and for the reason for which it must fail on this mutant or tamper. A failure for
 * another reason is luck.
 */
function cell(experiment: TrialRecord, mustShow: readonly Signature[]): ControlCell {
  const found = signatures(experiment);
  const proofs = found.filter((signature) => (experiment.mustShow ?? mustShow).includes(signature));
  return {
    fate:
      experiment.verdict === 'fail' && proofs.length > 0
        ? 'caught'
        : experiment.verdict === 'fail' || experiment.verdict === 'pass'
          ? 'survived'
          : 'undecided',
    verdict: experiment.verdict,
    signatures: found,
    proofs,
    experiment: experiment.id,
    reason: experiment.reasons[0] ?? '',
  };
}

export interface ControlRules {
  /** All that this run could have tried. */
  readonly mutants: readonly PlannedControl[];
  readonly tampers: readonly PlannedControl[];
  /** Only those pairs were run that the scenarios declare. */
  readonly declared: boolean;
  /** Every scenario was run, in a bond mode in which each mutant can be caught. */
  readonly complete: boolean;
}

/** One fate from several of one mutant: where each cell must catch it, the worst counts; else the best. */
function fateOf(fates: readonly Fate[], isEachDue: boolean): Fate {
  const order: readonly Fate[] = isEachDue ? ['survived', 'undecided', 'caught'] : ['caught', 'undecided', 'survived'];
  return order.find((fate) => fates.includes(fate)) ?? 'survived';
}

/**
 * The table of mutants and tampers x scenarios of a run. One survives when no scenario caught it; where only those
 * pairs were run that the scenarios declare (`declared`), also when a single one missed it. A control that could not be
 * judged (a busy machine, a lab that broke) leaves it undecided: neither missed nor caught. A scenario is unproven when
 * it caught neither a mutant nor a tamper.
 */
export function controlsTable(
  experiments: readonly TrialRecord[],
  { mutants, tampers, declared, complete }: ControlRules,
): ControlsTable {
  const controls = experiments.flatMap((record) => {
    const control = controlOf(record.intent);
    return control === null ? [] : [{ control, record }];
  });
  const scenarios = [
    ...new Set(experiments.filter((one) => one.verdict !== 'skipped').map((one) => one.scenario)),
  ].sort();
  const rowOf = (type: ControlName['type'], { name, description, mustShow }: PlannedControl): ControlRow | null => {
    const made = controls.filter(({ control }) => control.type === type && control.name === name);
    // Where a scenario cannot be tried, neither can its controls.
    const own = made.filter(({ record }) => record.verdict !== 'skipped');
    // Nothing would miss one that no scenario of a complete run declares.
    if (own.length === 0 && (made.length > 0 || !complete)) return null;
    const cells = Object.fromEntries(own.map(({ record }) => [record.scenario, cell(record, mustShow)]));
    const fates = Object.values(cells).map((one) => one.fate);
    return { description, mustShow, fate: fateOf(fates, declared), cells };
  };
  const rowsOf = <N>(type: ControlName['type'], all: readonly PlannedControl[], named: (name: string) => N) =>
    all.flatMap((one) => {
      const row = rowOf(type, one);
      return row === null ? [] : [{ ...named(one.name), ...row }];
    });
  const table = {
    scenarios,
    mutants: rowsOf('mutant', mutants, (mutant) => ({ mutant })),
    tampers: rowsOf('tamper', tampers, (tamper) => ({ tamper })),
  };
  const rows = controlRows(table);
  const named = (fate: Fate) => rows.filter((row) => row.fate === fate).map(({ name }) => name);
  const provenOrUnknown = new Set(
    rows.flatMap(({ cells }) =>
      Object.entries(cells).flatMap(([scenario, { fate }]) => (fate === 'survived' ? [] : [scenario])),
    ),
  );
  return {
    ...table,
    survivors: named('survived'),
    undecided: named('undecided'),
    unproven: scenarios.filter((scenario) => !provenOrUnknown.has(scenario)),
  };
}

/** Every row of a table with what it is about: mutants first. */
export function controlRows({
  mutants,
  tampers,
}: Pick<ControlsTable, 'mutants' | 'tampers'>): readonly (ControlName & ControlRow)[] {
  return [
    ...mutants.map(({ mutant, ...row }) => ({ type: 'mutant' as const, name: mutant, ...row })),
    ...tampers.map(({ tamper, ...row }) => ({ type: 'tamper' as const, name: tamper, ...row })),
  ];
}

/** Scenarios that ran against a mutant or a tamper and did not notice it. */
export function unnoticedIn(row: ControlRow): readonly string[] {
  return Object.entries(row.cells).flatMap(([scenario, { fate }]) => (fate === 'survived' ? [scenario] : []));
}

/** `5 of 6 mutants and 30 of 30 tampers were caught`: in numbers, for a sentence. */
export function caughtInWords({ mutants, tampers }: Pick<ControlsTable, 'mutants' | 'tampers'>): string {
  const count = (rows: readonly ControlRow[], what: string) =>
    rows.length === 0 ? [] : [`${rows.filter((row) => row.fate === 'caught').length} of ${rows.length} ${what}`];
  return `${[...count(mutants, 'mutants'), ...count(tampers, 'tampers')].join(' and ')} were caught`;
}
