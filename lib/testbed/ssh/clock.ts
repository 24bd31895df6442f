import { realtimeNs } from '../../agent/sys.js';
import { measureClock } from '../../ssh/clock.js';
import type { SshConnection } from '../../ssh/connect.js';
import type { Clock } from '../clock.js';
import { TestbedError } from '../error.js';
import { FAR } from './timing.js';

/** A machine's clock. Everything of a lab is moved to ours by one offset, which is measured when the lab is opened. */
export interface MachineClock extends Clock {
  /** How far it is ahead of ours, for all stamps of this lab, ns. */
  readonly aheadNs: bigint;
  /**
   * The same as `offset`, measured once for all who ask meanwhile. Throws TestbedError when the clock is not where it
   * was: stamps of this lab are worth nothing then.
   */
  check(): Promise<void>;
}

/** Measures a machine's clock. Throws SshError where it cannot be read. */
export async function openClock(connection: SshConnection): Promise<MachineClock> {
  const { name } = connection.machine;
  const { ns: aheadNs, errorNs: firstErrorNs } = await measureClock(connection);
  let asked: Promise<unknown> | null = null;
  const clock: MachineClock = {
    id: name,
    aheadNs,
    now: () => Promise.resolve(String(realtimeNs() + aheadNs)),
    async offset() {
      const { ns, errorNs } = await measureClock(connection);
      const moved = ns > aheadNs ? ns - aheadNs : aheadNs - ns;
      if (moved > errorNs + FAR.clockWander)
        throw new TestbedError(
          `the clock of ${name} was set: it was ${aheadNs} ns ahead of ours, and is ${ns} ns ahead (error ${errorNs} ns)`,
        );
      // What the lab uses is the first offset, which is off by what the clock has wandered since.
      const lastErrorNs = errorNs + moved;
      return { ns: aheadNs, errorNs: lastErrorNs > firstErrorNs ? lastErrorNs : firstErrorNs };
    },
    async check() {
      asked ??= clock.offset().finally(() => (asked = null));
      await asked;
    },
  };
  return clock;
}
