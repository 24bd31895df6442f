import type { Plane } from '../../dataplane/plane.js';
import { fdbOf } from '../../dataplane/tables.js';
import { DURATIONS } from '../../durations.js';
import { LackError } from '../../testbed/capability.js';
import type { Applied } from '../../testbed/change.js';
import type { Lab } from '../../testbed/lab.js';
import type { Absent } from '../absent.js';
import { unlessNever, until } from '../../until.js';
import { mark, type Window } from '../window.js';
import { liveElsewhere } from './otherHost.js';
import { misplaced, type Places } from './places.js';

/** VMs that come to the host after the replicator. */
export interface Arrivals {
  /**
   * The VMs that were kept away get their ports, in VLANs that no port may have had, and the replicator the time that it
   * needs to see that. Returns their names; none where the scenario keeps none away.
   */
  vmsArrive(): Promise<readonly string[]>;
  /**
   * Where leaves have these VMs, as soon as all have them behind the host; else what is so when a leaf should long have
   * heard them.
   */
  placesOf(vms: readonly string[]): Promise<Places>;
}

/**
 * Keeps all VMs away but the first; they may be on another host then. Throws LackError where the data plane or the wiring
 * has none that could come, or the leaves have no other host.
 */
export async function keepAway(
  lab: Lab,
  plane: Plane,
  { elsewhere = false }: { readonly elsewhere?: boolean } = {},
): Promise<Absent> {
  const { topology } = lab;
  const later = topology.vms.slice(1).map(({ node }) => node);
  if (later.length === 0)
    throw new LackError([
      {
        what: 'a VM that comes after another',
        command: `everyleaf check ${topology.name}.yaml`,
        output: `${topology.name} has ${topology.vms.length === 0 ? 'no VM' : 'one VM'}`,
      },
    ]);
  const absent = new Map<string, Applied>();
  for (const vm of later) {
    const change = plane.withoutPort?.(vm);
    if (change?.ok !== true)
      throw new LackError([
        change?.lack ?? {
          what: 'a VM whose port can come and go',
          command: `everyleaf run --data-plane ${plane.traits.kind}`,
          output: 'VMs have no such ports there',
        },
      ]);
    absent.set(vm, await lab.apply(change.use));
  }
  if (elsewhere) await liveElsewhere(lab, plane, later);
  return absent;
}

export function arrivalsOf(window: Window): Arrivals {
  const { lab, plane } = window;
  return {
    async placesOf(senders) {
      let places: Places = { topology: lab.topology, senders, entries: [] };
      await until('each leaf to have them behind the host', DURATIONS.controlFrame, async () => {
        places = { ...places, entries: await fdbOf(plane) };
        return misplaced(places).length === 0 ? true : null;
      }).catch(unlessNever);
      return places;
    },
    async vmsArrive() {
      const { absent = new Map<string, Applied>() } = window;
      const names = [...absent.keys()];
      for (const applied of absent.values()) await applied.undo();
      if (names.length === 0) return names;
      await mark(window, `${names.join(', ')}: their ports are there`);
      await window.installed.settled();
      await mark(window, 'the replicator has had the time that it needs');
      return names;
    },
  };
}
