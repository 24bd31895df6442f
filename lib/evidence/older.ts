import { planeName, type PlaneTraits } from '../dataplane/traits.js';
import type { TimelineEvent } from './types.js';

/** The only kind of data plane of version 0.1.0. */
export const OLDER_KIND = 'ovs-bond';

/** Its planes, whose traits it did not write: bond modes of Open vSwitch. This is history and never grows. */
const OLDER: readonly PlaneTraits[] = [
  {
    kind: OLDER_KIND,
    variant: 'active-backup',
    lacp: false,
    spreads: 'no',
    hears: { unicast: 'active', multicast: 'active' },
  },
  {
    kind: OLDER_KIND,
    variant: 'balance-slb',
    lacp: false,
    spreads: 'sources',
    hears: { unicast: 'all', multicast: 'active' },
  },
  {
    kind: OLDER_KIND,
    variant: 'balance-tcp',
    lacp: true,
    spreads: 'flows',
    hears: { unicast: 'all', multicast: 'all' },
  },
];

/** An event of a timeline; version 0.1.0 did not say which ones repeat. Its only fault that did was `flap`. */
export function olderEvent(event: TimelineEvent): TimelineEvent {
  return 'verb' in event && event.verb === 'flap' && event.repeats === undefined ? { ...event, repeats: true } : event;
}

/**
 * Traits of the data plane of evidence that has none: by its name, such as `ovs-bond/balance-slb`, or else by the bond mode of its topology.
 * Null where neither is one of version 0.1.0. Nothing else reads a data plane's name.
 */
export function olderPlane(dataplane: string, mode?: string): PlaneTraits | null {
  return OLDER.find((plane) => planeName(plane) === dataplane) ?? OLDER.find(({ variant }) => variant === mode) ?? null;
}
