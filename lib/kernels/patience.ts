import type { LiveGuest } from '../vm/restore.js';

/** What a trial may take in a guest on an idle machine, ms: ten times what was measured. */
const TRIAL_MS = 90_000;
/** A guest that needs so many times longer for its first answer than an idle one needs so much longer for all. */
const IDLE_ANSWER_MS = 400;

/** LACP's own timers end within 3 s where both ends are fast; a busy machine takes several times that. s */
const LACP_S = 60;

/** How many times what is usual this guest may take: by what it needed for its first answer. */
const slowness = ({ answeredAfterMs }: Answered): number => Math.max(1, answeredAfterMs / IDLE_ANSWER_MS / 10);

type Answered = Pick<LiveGuest, 'answeredAfterMs'>;

/** How long to wait for a script, ms. */
export const patienceOf = (guest: Answered): number => TRIAL_MS * slowness(guest);

/** How long a script may wait for LACP, whole seconds. */
export const lacpPatienceOf = (guest: Answered): number => Math.ceil(LACP_S * slowness(guest));
