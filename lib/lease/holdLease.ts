import { ourselves } from './holder.js';
import { continueLease, takeLease, type Lease } from './lease.js';
import { forgetRun, isDead, readRun, type RunRecord } from './runRecord.js';
import { readToken } from './tokenFile.js';
import type { LeaseKeeper } from './types.js';

export interface HeldLease {
  readonly lease: Lease;
  /** This user has taken it by hand: it stays taken. */
  readonly isByHand: boolean;
  /** The dead run whose lease was given back first; null where there was none. */
  readonly tookOver: RunRecord | null;
}

/** Gives the lease of a run back that is proved to be dead. Returns null where there is none, or it has the lease no more. */
async function giveForDead(keeper: LeaseKeeper, folder: string): Promise<RunRecord | null> {
  const run = readRun(folder);
  if (run === null || !isDead(run)) return null;
  const { done } = await keeper.ask('give', run.token, run.holder);
  forgetRun(folder, run.token);
  return done ? run : null;
}

/**
 * The lease that this user has taken by hand, which stays taken; or one that is taken now, and is to be given back.
 *
 * @param folder the binding's state folder
 * @param what what it is held for
 * @param overtakes a run of this user on this machine that is proved to be dead is not waited for
 * @throws LeaseError, which says who holds it
 */
export async function holdLease(
  keeper: LeaseKeeper,
  folder: string,
  what: string,
  overtakes = false,
): Promise<HeldLease> {
  const kept = readToken(folder);
  const byHand = kept === null ? null : await continueLease(keeper, kept.token, kept.holder);
  if (byHand !== null) return { lease: byHand, isByHand: true, tookOver: null };
  const tookOver = overtakes ? await giveForDead(keeper, folder) : null;
  return { lease: await takeLease(keeper, ourselves(what)), isByHand: false, tookOver };
}
