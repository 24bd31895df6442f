import { planeName, type PlaneTraits } from '../dataplane/traits.js';
import type { Host, HostPlane, Topology } from '../topology/model.js';
import type { EvidenceManifest, TimelineEvent } from './types.js';

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

/** An event of a timeline; version 0.1.0 did not say which ones repeat. Its only fault that repeats was `flap`. */
export function olderEvent(event: TimelineEvent): TimelineEvent {
  return 'verb' in event && event.verb === 'flap' && event.repeats === undefined ? { ...event, repeats: true } : event;
}

/**
 * Traits of the data plane of evidence that has none: by its name, such as `ovs-bond/balance-slb`, or else by the bond
 * mode of its topology. Null where neither is one of version 0.1.0. Nothing else reads a data plane's name.
 */
export function olderPlane(dataplane: string, mode?: string): PlaneTraits | null {
  return OLDER.find((plane) => planeName(plane) === dataplane) ?? OLDER.find(({ variant }) => variant === mode) ?? null;
}

/** A host as version 0.1.0 wrote it; one with `plane` was written by a later version. */
type StoredHost = Omit<Host, 'plane'> & {
  readonly plane?: HostPlane;
  readonly bond?: { readonly name: string; readonly mode: string };
};

/** What may be in the file. */
export type StoredManifest = Omit<EvidenceManifest, 'plane' | 'topology'> & {
  readonly plane?: PlaneTraits;
  readonly topology: Omit<Topology, 'host'> & { readonly host: StoredHost };
};

/** A manifest in the form of today. Null where it says nothing of its data plane. */
export function newerManifest(stored: StoredManifest): EvidenceManifest | null {
  const { host } = stored.topology;
  const traits = stored.plane ?? host.plane?.traits ?? olderPlane(stored.dataplane, host.bond?.mode);
  if (traits === null) return null;
  const plane = host.plane ?? { traits, bond: host.bond?.name ?? null, options: {} };
  const timeline = stored.timeline.map(olderEvent);
  return { ...stored, timeline, plane: traits, topology: { ...stored.topology, host: { ...host, plane } } };
}
