import type { Signature } from '../judge/types.js';
import type { ControlCell, ControlsTable, TrialRecord, Fate, MutantRow } from './result.js';
import type { PlannedMutant } from './plan.js';

function signatures(experiment: TrialRecord): readonly Signature[] {
  const failed = experiment.judgement?.findings.filter((finding) => finding.verdict === 'fail') ?? [];
  return [...new Set(failed.map((finding) => finding.signature))];
}

/** Caught: the scenario failed, and for the reason for which this mutant must fail there. A failure for another reason is luck. */
function cell(experiment: TrialRecord, ofMutant: readonly Signature[]): ControlCell {
  const found = signatures(experiment);
  const proofs = found.filter((signature) => (experiment.mustShow ?? ofMutant).includes(signature));
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
  readonly all: readonly PlannedMutant[];
  /** Only those pairs were run that the scenarios declare. */
  readonly declared: boolean;
  /** Every scenario was run, in a bond mode in which each mutant can be caught. */
  readonly complete: boolean;
}

/** Of several fates of one mutant: where each cell must catch it, the worst counts; else the best. */
function fateOf(fates: readonly Fate[], isEachDue: boolean): Fate {
  const order: readonly Fate[] = isEachDue ? ['survived', 'undecided', 'caught'] : ['caught', 'undecided', 'survived'];
  return order.find((fate) => fates.includes(fate)) ?? 'survived';
}

/**
 * The table mutant x scenario of a run. A mutant survives when no scenario caught it; where only those pairs were run that the
 * scenarios declare (`declared`), also when a single one missed it. What could not be judged (a busy machine, a lab that broke) leaves
 * a mutant undecided: it was not missed, and not caught either. A scenario is unproven when no mutant was caught by it.
 */
export function controlsTable(
  experiments: readonly TrialRecord[],
  { all, declared, complete }: ControlRules,
): ControlsTable {
  const controls = experiments.filter((one) => one.intent.type === 'control');
  const scenarios = [
    ...new Set(experiments.filter((one) => one.verdict !== 'skipped').map((one) => one.scenario)),
  ].sort();
  const mutants = all.flatMap((mutant): MutantRow[] => {
    const made = controls.filter((one) => one.intent.type === 'control' && one.intent.mutant === mutant.name);
    // Where a scenario cannot be tried, neither can its controls.
    const own = made.filter((one) => one.verdict !== 'skipped');
    // A mutant that no scenario of a complete run declares would never be missed.
    if (own.length === 0 && (made.length > 0 || !complete)) return [];
    const cells = Object.fromEntries(own.map((one) => [one.scenario, cell(one, mutant.mustShow)]));
    return [
      {
        mutant: mutant.name,
        description: mutant.description,
        mustShow: mutant.mustShow,
        fate: fateOf(
          Object.values(cells).map((one) => one.fate),
          declared,
        ),
        cells,
      },
    ];
  });
  const shown = (fates: readonly Fate[]) =>
    new Set(
      mutants.flatMap((row) =>
        Object.entries(row.cells)
          .filter(([, one]) => fates.includes(one.fate))
          .map(([scenario]) => scenario),
      ),
    );
  const provenOrUnknown = shown(['caught', 'undecided']);
  return {
    scenarios,
    mutants,
    survivors: mutants.filter((row) => row.fate === 'survived').map((row) => row.mutant),
    undecided: mutants.filter((row) => row.fate === 'undecided').map((row) => row.mutant),
    unproven: scenarios.filter((scenario) => !provenOrUnknown.has(scenario)),
  };
}

/** Scenarios that ran against a mutant and did not notice it. */
export function unnoticedIn(row: MutantRow): readonly string[] {
  return Object.entries(row.cells).flatMap(([scenario, { fate }]) => (fate === 'survived' ? [scenario] : []));
}
