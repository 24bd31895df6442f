import type { Signature } from '../judge/types.js';
import { MUTANTS } from '../replicator/mutants/registry.js';
import type { ControlCell, ControlsTable, ExperimentResult, MutantRow } from '../report/types.js';

function signatures(experiment: ExperimentResult): readonly Signature[] {
  const failed = experiment.judgement?.findings.filter((finding) => finding.verdict === 'fail') ?? [];
  return [...new Set(failed.map((finding) => finding.signature))];
}

/** Caught: the scenario failed, and for the reason for which this mutant must fail. A failure for another reason is luck. */
function cell(experiment: ExperimentResult, mustShow: readonly Signature[]): ControlCell {
  const shown = signatures(experiment);
  return {
    caught: experiment.verdict === 'fail' && shown.some((signature) => mustShow.includes(signature)),
    verdict: experiment.verdict,
    signatures: shown,
    experiment: experiment.id,
    reason: experiment.reasons[0] ?? '',
  };
}

export interface ControlRules {
  /** Only those pairs were run that the scenarios declare. */
  readonly declared: boolean;
  /** Every scenario was run. */
  readonly complete: boolean;
}

/**
 * The table mutant x scenario of a run. A mutant survives when no scenario caught it; where only those pairs were run that the
 * scenarios declare (`declared`), also when a single one missed it. A scenario is unproven when controls were made and no mutant was
 * caught by it.
 */
export function controlsTable(experiments: readonly ExperimentResult[], { declared, complete }: ControlRules): ControlsTable {
  // Where a scenario cannot be tried, neither can its controls.
  const controls = experiments.filter((one) => one.intent.type === 'control' && one.verdict !== 'skipped');
  const scenarios = [...new Set(experiments.filter((one) => one.verdict !== 'skipped').map((one) => one.scenario))].sort();
  const mutants = MUTANTS.flatMap((mutant): MutantRow[] => {
    const own = controls.filter((one) => one.intent.type === 'control' && one.intent.mutant === mutant.name);
    // A mutant that no scenario of a complete run declares would never be missed.
    if (own.length === 0 && !complete) return [];
    const cells = Object.fromEntries(own.map((one) => [one.scenario, cell(one, mutant.mustShow)]));
    return [{ mutant: mutant.name, description: mutant.description, mustShow: mutant.mustShow, caught: own.length > 0 && (declared ? Object.values(cells).every((one) => one.caught) : Object.values(cells).some((one) => one.caught)), cells }];
  });
  const proven = new Set(mutants.flatMap((row) => Object.entries(row.cells).filter(([, one]) => one.caught).map(([scenario]) => scenario)));
  return {
    scenarios,
    mutants,
    survivors: mutants.filter((row) => !row.caught).map((row) => row.mutant),
    unproven: controls.length === 0 ? [] : scenarios.filter((scenario) => !proven.has(scenario)),
  };
}
