import { armGuard, type Guard, type GuardOptions } from '../../ssh/guard.js';
import type { FarMachine } from './machine.js';
import { FAR } from './timing.js';

/** The guards of a lab, one on each of its machines, which give everything back when they hear nothing of us. */
export interface LabGuards {
  /** Throws when one has ended: then the lab is no longer whole, and nothing that it shows counts. */
  well(): void;
  /** Shows each machine that we live. Throws when a guard has ended. */
  renew(): Promise<void>;
  /** Has each give back at once, and waits until it has. */
  release(): Promise<void>;
}

/** Arms them, before anything is changed. Throws SshError; those that were armed are ended. */
export async function armGuards(
  machines: readonly { readonly machine: FarMachine; readonly guard: Pick<GuardOptions, 'undo' | 'witness'> }[],
): Promise<LabGuards> {
  const armed = await Promise.allSettled(
    machines.map(({ machine, guard }) =>
      armGuard(machine.connection, { ...guard, seconds: FAR.guardSeconds, asRoot: true }),
    ),
  );
  const guards: readonly Guard[] = armed.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = armed.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    await Promise.allSettled(guards.map((guard) => guard.disarm()));
    throw failed.reason;
  }
  let unwell: Error | null = null;
  const renew = async (): Promise<void> => {
    try {
      await Promise.all(guards.map((guard) => guard.renew()));
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
  };
  return {
    well,
    renew,
    async release() {
      clearInterval(timer);
      await renewing;
      const ended = await Promise.allSettled(guards.map((guard) => guard.disarm()));
      for (const one of ended) if (one.status === 'rejected') throw one.reason;
      well();
    },
  };
}
