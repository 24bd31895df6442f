import type { SshConnection } from '../ssh/connect.js';
import type { BoundTopology } from '../binding/load.js';
import { commandKeeper } from './commandLease.js';
import { farKeeper } from './farLease.js';
import type { LeaseKeeper } from './types.js';

/**
 * How long a lease lasts unless it is renewed, seconds. Longer than any step between two renewals, and short enough for
 * people to wait for the lease of a run that was killed.
 */
export const LEASE_SECONDS = 90;

/** A keeper, and the connection to its machine where it has one. */
export interface OpenKeeper extends AsyncDisposable {
  readonly keeper: LeaseKeeper;
}

/** How long a lease of this binding lasts, seconds. */
export function secondsOf({ binding }: BoundTopology): number {
  const { lease } = binding;
  return 'at' in lease && lease.ttl !== undefined ? Number.parseInt(lease.ttl, 10) : LEASE_SECONDS;
}

/**
 * Where the lease of a binding is kept.
 *
 * @param connectTo logs in to a machine of the binding, when the lease is kept on one; disposed of with the keeper
 * @throws SshError when that machine cannot be logged in to
 */
export async function openKeeper(
  bound: BoundTopology,
  connectTo: (machine: string) => Promise<SshConnection>,
): Promise<OpenKeeper> {
  const { binding, folder } = bound;
  const seconds = secondsOf(bound);
  if ('command' in binding.lease) {
    const keeper = commandKeeper(binding.lease.command, { binding: binding.binding, seconds, folder });
    return { keeper, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const connection = await connectTo(binding.lease.at);
  return {
    keeper: farKeeper(connection, binding.binding, seconds),
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}
