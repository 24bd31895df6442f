import { join } from 'node:path';
import { placeOf } from '../nightly/nightOf.js';
import { missingAllurePackages, writeAllurePage } from '../report/allure.js';
import { writeAllureContext } from '../report/allureContext.js';
import type { KeptPlan } from '../run/plan.js';
import { UserError } from '../userError.js';
import { EXIT } from './exitCodes.js';

/** Below the folder of a run: what the runner's reporter wrote for Allure. */
export const ALLURE_FOLDER = 'allure-results';

/** Below the folder of histories; not beside them, as only everyleaf's own are read there. */
const ALLURE_HISTORY = 'allure';

/** Throws UserError where an Allure page cannot be made: before the run, not after it. */
export function needAllure(): void {
  const missing = missingAllurePackages();
  if (missing.length > 0)
    throw new UserError(
      `an Allure page needs ${missing.join(' and ')}, which everyleaf does not bring`,
      `npm install --save-dev ${missing.join(' ')}`,
      EXIT.infrastructure,
    );
}

/** Gives the results for Allure the identity that they have in every run, and says where they were made. */
export function settleAllure(runFolder: string, plan: KeptPlan): void {
  writeAllureContext(join(runFolder, ALLURE_FOLDER), plan, placeOf(plan));
}

/**
 * Makes the Allure page of a run, in its folder.
 * @param history folder of histories whose runs the page shows, too, and which this one is added to
 */
export async function writeRunsAllurePage(
  runFolder: string,
  plan: KeptPlan,
  history: string | undefined,
): Promise<void> {
  await writeAllurePage(
    join(runFolder, ALLURE_FOLDER),
    join(runFolder, 'allure.html'),
    `everyleaf ${plan.run}`,
    history === undefined ? null : join(history, ALLURE_HISTORY, `${placeOf(plan)}.jsonl`),
  );
}
