import { randomBytes } from 'node:crypto';
import { LeaseError } from './error.js';
import type { Holder, LeaseAnswer, LeaseKeeper } from './types.js';

/** The right to touch the machines of a binding, for a while. */
export interface Lease extends AsyncDisposable {
  readonly token: string;
  readonly holder: Holder;
  /** Aborted, with the LeaseError, as soon as it is known to be lost. */
  readonly lost: AbortSignal;
  /** Whether it can still be ours by our own clock: false when its time has passed without a renewal. */
  current(): boolean;
  /**
   * To be awaited before each step that touches a machine. Renews the lease when a third of its time has passed, and not
   * by a timer: a run that hangs must not keep the machines. One that has run out is renewed, too, where its keeper can
   * prove that nobody has taken it since.
   *
   * @throws LeaseError, from then on for ever, when it was lost: nothing may be touched any more; guards undo.
   */
  step(): Promise<void>;
  renew(): Promise<void>;
  /** Gives it back. Does nothing when it was given back, or lost. */
  give(): Promise<void>;
}

export function newToken(): string {
  return randomBytes(16).toString('hex');
}

interface Taken {
  readonly keeper: LeaseKeeper;
  readonly token: string;
  readonly holder: Holder;
  /** When the answer was asked for: the lease lasts for its time at least from then on. */
  readonly askedMs: number;
}

/**
 * A renewal. Of a lease that has run out meanwhile it is a regain, where that may be: as long as nobody else has had it
 * since, nobody else has touched the machines either.
 */
async function renewal(keeper: LeaseKeeper, token: string, holder: Holder, mayRegain: boolean): Promise<LeaseAnswer> {
  const answer = await keeper.ask('renew', token, holder);
  if (answer.done || answer.state.is !== 'free' || keeper.regains !== true || !mayRegain) return answer;
  return keeper.ask('regain', token, holder);
}

function leaseOf({ keeper, token, holder, askedMs }: Taken, nowMs: () => number): Lease {
  const abort = new AbortController();
  let renewedMs = askedMs;
  let failed: LeaseError | null = null;
  let given = false;
  let renewing: Promise<void> | null = null;

  async function renew(): Promise<void> {
    if (failed !== null) throw failed;
    const asked = nowMs();
    const { done, state } = await renewal(keeper, token, holder, true);
    if (!done) {
      failed = new LeaseError(keeper.binding, 'was lost', state);
      abort.abort(failed);
      throw failed;
    }
    renewedMs = asked;
  }

  const lease: Lease = {
    token,
    holder,
    lost: abort.signal,
    current: () => failed === null && !given && nowMs() - renewedMs < keeper.seconds * 1_000,
    async step() {
      if (failed !== null) throw failed;
      if (given || nowMs() - renewedMs > (keeper.seconds * 1_000) / 3) await lease.renew();
    },
    renew() {
      // Steps of several machines at the same time need one renewal.
      renewing ??= renew().finally(() => (renewing = null));
      return renewing;
    },
    async give() {
      if (given || failed !== null) return;
      given = true;
      await keeper.ask('give', token, holder);
    },
    [Symbol.asyncDispose]: () => lease.give(),
  };
  return lease;
}

/** Takes the lease of a binding, or throws LeaseError, which says who holds it. */
export async function takeLease(keeper: LeaseKeeper, holder: Holder, nowMs = () => performance.now()): Promise<Lease> {
  const token = newToken();
  const askedMs = nowMs();
  const { done, state } = await keeper.ask('take', token, holder);
  if (!done) throw new LeaseError(keeper.binding, 'could not be taken', state);
  return leaseOf({ keeper, token, holder, askedMs }, nowMs);
}

/**
 * Goes on with a lease that this token holds already; null where it does not.
 *
 * @param mayRegain also with one that has run out, where nobody has taken it since: for the processes of a run, and not for
 *   a person who took it some day
 */
export async function continueLease(
  keeper: LeaseKeeper,
  token: string,
  holder: Holder,
  mayRegain = false,
  nowMs = () => performance.now(),
): Promise<Lease | null> {
  const askedMs = nowMs();
  const { done } = await renewal(keeper, token, holder, mayRegain);
  return done ? leaseOf({ keeper, token, holder, askedMs }, nowMs) : null;
}
