import { armGuard, type Guard, type GuardOptions } from '../../ssh/guard.js';
import type { Lease } from '../../lease/lease.js';
import { TestbedError } from '../error.js';
import type { FarMachine } from './machine.js';
import { FAR } from './timing.js';

/** The guards of a lab, one on each of its machines, which give everything back when they hear nothing of us. */
export interface LabGuards {
  /** The folder of the guard of each machine, by the machine's name. */
  readonly folders: ReadonlyMap<string, string>;
  /** Throws when one has ended: then the lab is no longer whole, and nothing that it shows counts. */
  well(): void;
  /** Shows each machine that we live. Throws when a guard has ended. */
  renew(): Promise<void>;
  /** Has each give back at once, and waits until it has. */
  release(): Promise<void>;
  /** Touches nothing more: each gives back by itself when its time is over. */
  abandon(): void;
}

/**
 * Arms them, before anything is changed. They are renewed while the lease can be ours: of a run that hangs they give
 * back. A lease that has run out may be regained by the next step: then the guards must be seen to have lived through it.
 * Throws SshError; those that were armed are ended.
 */
export async function armGuards(
  machines: readonly {
    readonly machine: Pick<FarMachine, 'name' | 'connection'>;
    readonly guard: Pick<GuardOptions, 'undo' | 'witness'>;
  }[],
  lease: Pick<Lease, 'current' | 'lost'>,
  arm = armGuard,
): Promise<LabGuards> {
  const armed = await Promise.allSettled(
    machines.map(({ machine, guard }) =>
      arm(machine.connection, { ...guard, seconds: FAR.guardSeconds, asRoot: true }),
    ),
  );
  const guards: readonly Guard[] = armed.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = armed.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    await Promise.allSettled(guards.map((guard) => guard.disarm()));
    throw failed.reason;
  }
  let unwell: Error | null = null;
  /** The lease has run out, and no guard was seen alive since. */
  let lapsed = false;
  const ranOut = () => new TestbedError('the lease has ended without a renewal: the machines take back what they gave');
  const renew = async (): Promise<void> => {
    if (!lease.lost.aborted && !lease.current()) {
      lapsed = true;
      throw ranOut();
    }
    try {
      if (lease.lost.aborted) throw lease.lost.reason;
      await Promise.all(guards.map((guard) => guard.renew()));
      lapsed = false;
    } catch (error) {
      unwell ??= error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  };
  let renewing: Promise<void> | null = null;
  const timer = setInterval(() => {
    renewing ??= renew()
      .catch(() => undefined)
      .finally(() => (renewing = null));
  }, FAR.renewal);
  const well = (): void => {
    if (unwell !== null) throw unwell;
    if (lapsed && !lease.current()) throw ranOut();
  };
  return {
    folders: new Map(machines.map(({ machine }, at) => [machine.name, guards[at]?.folder ?? ''])),
    well,
    renew,
    abandon: () => clearInterval(timer),
    async release() {
      clearInterval(timer);
      await renewing;
      // One that has undone meanwhile is gone, as one is that is told to: only a renewal tells them apart.
      if (lapsed) await renew().catch(() => undefined);
      const ended = await Promise.allSettled(guards.map((guard) => guard.disarm()));
      for (const one of ended) if (one.status === 'rejected') throw one.reason;
      well();
    },
  };
}
