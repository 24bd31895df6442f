import { DURATIONS } from '../durations.js';
import { patience } from '../lab/patience.js';
import type { ArgumentsOf, FaultName } from '../fault/builtIn.js';
import type { Fault } from '../fault/fault.js';
import { faultNamed } from '../fault/find.js';
import { unplug } from '../fault/unplug.js';
import { lacking } from '../testbed/capability.js';
import { until } from '../until.js';
import type { FaultBench, FaultWindow, OpenFault } from './faultBench.js';
import { skipPart, type Window } from './window.js';

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

/**
 * Faults by rules on the host, into which our own crafted frames would run: the socket is told that there is no buffer
 * space (ENOBUFS), and what it was to show is not known.
 */
const REFUSE_OURS = ['mute', 'lose'];

/** Faults that take a leaf from every host behind it: what the judge expects of the second host knows nothing of them. */
const OF_WHOLE_LEAVES = ['rebootLeaf'];

export function faultsOf(window: Window, bench: FaultBench, edges: FaultWindow): Faults {
  const { lab, timeline } = window;
  const cut = new Map<string, OpenFault>();
  const whole = window.skipped;
  let anyMade = false;
  async function make(fault: Fault, leg: string, args: object): ReturnType<FaultBench['inflict']> {
    if (window.secondHost !== undefined && OF_WHOLE_LEAVES.includes(fault.name))
      return lacking({
        what: `the fault ${fault.name} with a second host behind the leaf`,
        command: `everyleaf run --scenario ${JSON.stringify(window.scenario)}`,
        output: 'it would take the leaf from that host, too, of whose legs nothing is recorded',
      });
    if (lab.isAsFound !== true || !REFUSE_OURS.includes(fault.name)) return bench.inflict(fault, leg, args);
    return lacking({
      what: `the fault ${fault.name} on ${leg} in a scenario`,
      command: 'everyleaf run --binding FILE',
      output: 'the host is installed: a rule there would refuse the frames by which captures are shown to be alive',
    });
  }
  async function inflict(fault: string | Fault, leg: string, args: object = {}): Promise<OpenFault | null> {
    const made = await make(typeof fault === 'string' ? faultNamed(fault, window.faults) : fault, leg, args);
    if (made.ok) {
      if (!anyMade) window.skipped = whole;
      anyMade = true;
      return made.use;
    }
    skipPart(window, made.lack);
    // A scenario about faults of which none could be made has shown nothing about any.
    if (!anyMade) window.skipped ??= made.lack.what;
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
        patience(lab.node(lab.topology.host.node), DURATIONS.lacpNegotiation),
        () => Promise.resolve(new Set(heard().values()).size > 1 ? true : null),
        () => [...heard()].join('; '),
      );
      await edges.leaveEdge();
    },
  };
}
