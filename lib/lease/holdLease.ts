import { ourselves } from './holder.js';
import { continueLease, takeLease, type Lease } from './lease.js';
import { readToken } from './tokenFile.js';
import type { LeaseKeeper } from './types.js';

/**
 * The lease that this user has taken by hand, which stays taken; or one that is taken now, and is to be given back.
 *
 * @param folder the binding's state folder
 * @param what what it is held for
 * @throws LeaseError, which says who holds it
 */
export async function holdLease(
  keeper: LeaseKeeper,
  folder: string,
  what: string,
): Promise<{ readonly lease: Lease; readonly isByHand: boolean }> {
  const kept = readToken(folder);
  const byHand = kept === null ? null : await continueLease(keeper, kept.token, kept.holder);
  return byHand === null
    ? { lease: await takeLease(keeper, ourselves(what)), isByHand: false }
    : { lease: byHand, isByHand: true };
}
