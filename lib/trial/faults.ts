import { DURATIONS } from '../durations.js';
import type { ArgumentsOf, FaultName } from '../fault/builtIn.js';
import type { Fault } from '../fault/fault.js';
import { faultNamed } from '../fault/find.js';
import { unplug } from '../fault/unplug.js';
import { until } from '../until.js';
import type { FaultBench, FaultWindow, OpenFault } from './faultBench.js';
import type { Window } from './window.js';

/** Faults of a trial. Each is repaired at the latest when the trial closes. */
export interface Faults extends Pick<FaultBench, 'bondLeft' | 'slowLacp'> {
  /**
   * Makes a fault on a leg: a built-in one by its name, or any other as an object. Arguments that are left out are the
   * fault's defaults. One with a rhythm, such as `flap`, is over when this resolves.
   *
   * @returns null where this lab cannot make it; the skips then say which command showed it
   */
  inflict<N extends FaultName>(fault: N, leg: string, args?: Partial<ArgumentsOf<N>>): Promise<OpenFault | null>;
  inflict<A extends object>(fault: Fault<A>, leg: string, args?: Partial<A>): Promise<OpenFault | null>;
  /** The cable of a leg is out. */
  unplug(leg: string): Promise<void>;
  /** It is in again, and the bond uses the leg. */
  plug(leg: string): Promise<void>;
  /** Resolves when the host hears different LACP systems on its legs. */
  partnersDiffer(): Promise<void>;
}

export function faultsOf({ timeline, skips, faults }: Window, bench: FaultBench, edges: FaultWindow): Faults {
  const cut = new Map<string, OpenFault>();
  async function inflict(fault: string | Fault, leg: string, args: object = {}): Promise<OpenFault | null> {
    const made = await bench.inflict(typeof fault === 'string' ? faultNamed(fault, faults) : fault, leg, args);
    if (made.ok) return made.use;
    skips.push(made.lack);
    return null;
  }
  return {
    inflict,
    bondLeft: bench.bondLeft,
    slowLacp: bench.slowLacp,
    async unplug(leg) {
      const fault = await inflict(unplug, leg);
      if (fault !== null) cut.set(leg, fault);
    },
    async plug(leg) {
      const fault = cut.get(leg);
      if (fault === undefined) throw new RangeError(`${leg} was not unplugged`);
      cut.delete(leg);
      await fault.repair();
    },
    async partnersDiffer() {
      const heard = () =>
        new Map(
          timeline.flatMap((event) =>
            event.type === 'observed' && event.what === 'partner' ? [[event.leg, event.state]] : [],
          ),
        );
      await until(
        'the host to hear different partners',
        DURATIONS.lacpNegotiation,
        () => Promise.resolve(new Set(heard().values()).size > 1 ? true : null),
        () => [...heard()].join('; '),
      );
      await edges.leaveEdge();
    },
  };
}
