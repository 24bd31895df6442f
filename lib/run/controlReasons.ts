import { controlOf } from './controlName.js';
import { controlRows, unnoticedIn } from './controls.js';
import type { ControlsTable, TrialRecord } from './result.js';

/** The reasons that the controls of a run give against it, a sentence each. `made`: controls were wanted. */
export function controlReasons(table: ControlsTable, broken: readonly TrialRecord[], made: boolean): readonly string[] {
  const rows = controlRows(table);
  return [
    ...rows.flatMap((row) =>
      row.fate === 'survived'
        ? [
            `${row.type} ${row.name} survived: this lab would not notice such a ${row.type === 'mutant' ? 'replicator' : 'wrong'} in ${
              unnoticedIn(row)
                .map((title) => `"${title}"`)
                .join(', ') || 'any scenario'
            }`,
          ]
        : [],
    ),
    ...rows.flatMap((row) =>
      Object.entries(row.cells).flatMap(([title, { fate, verdict, reason }]) =>
        row.fate === 'undecided' && fate === 'undecided'
          ? [`whether ${row.type} ${row.name} is noticed in "${title}" could not be judged (${verdict}): ${reason}`]
          : [],
      ),
    ),
    ...(!made && table.unproven.length > 0
      ? ['no control was made (--controls none), so nothing shows that this run would have noticed anything']
      : table.unproven.map(
          (scenario) => `no control ever made this scenario fail, so nothing shows that it can: ${scenario}`,
        )),
    ...broken.map((one) => `control ${nameOf(one)} broke: ${one.reasons[0] ?? ''}`),
  ];
}

function nameOf({ intent, replicator }: TrialRecord): string {
  return controlOf(intent)?.name ?? replicator;
}
