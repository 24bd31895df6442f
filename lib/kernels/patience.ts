import type { LiveGuest } from '../vm/restore.js';

/** What a trial may take in a guest on an idle machine, ms: ten times what was measured. */
const TRIAL_MS = 90_000;
/** A guest that needs so many times longer for its first answer than an idle one needs so much longer for all. */
const IDLE_ANSWER_MS = 400;

/** How long to wait for a script, ms: scaled with what this guest needed for its first answer. */
export function patienceOf({ answeredAfterMs }: Pick<LiveGuest, 'answeredAfterMs'>): number {
  return TRIAL_MS * Math.max(1, answeredAfterMs / IDLE_ANSWER_MS / 10);
}
