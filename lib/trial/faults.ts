import { DURATIONS } from '../durations.js';
import type { FaultArguments } from '../fault/types.js';
import { until } from '../until.js';
import type { FaultBench, FaultWindow, OpenFault } from './faultBench.js';
import type { Window } from './window.js';

/** Faults of a trial. Each is repaired at the latest when the trial closes. */
export interface Faults extends Pick<FaultBench, 'flap' | 'bondLeft' | 'slowLacp'> {
  /** Makes a fault of lib/defaults.ts on a leg. null when this machine cannot; the skips then say which command showed it. */
  inflict(fault: string, leg: string, args?: FaultArguments): Promise<OpenFault | null>;
  /** The cable of a leg is out. */
  unplug(leg: string): Promise<void>;
  /** It is in again, and the bond uses the leg. */
  plug(leg: string): Promise<void>;
  /** Resolves when the host hears different LACP systems on its legs. */
  partnersDiffer(): Promise<void>;
}

export function faultsOf({ timeline, skips }: Window, bench: FaultBench, edges: FaultWindow): Faults {
  const cut = new Map<string, OpenFault>();
  const inflict: Faults['inflict'] = async (name, leg, args) => {
    const made = await bench.inflict(name, leg, args);
    if ('repair' in made) return made;
    skips.push(made);
    return null;
  };
  return {
    inflict,
    flap: bench.flap,
    bondLeft: bench.bondLeft,
    slowLacp: bench.slowLacp,
    async unplug(leg) {
      const fault = await inflict('unplug', leg);
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
