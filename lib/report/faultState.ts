import type { EvidenceManifest, TimelineEvent } from '../evidence/types.js';
import { pastTenseOf } from './pastTense.js';
import { faultEvents, type FaultEvent } from './timelineSpans.js';

/** What was broken when a probe was sent: one section of the delivery matrix. */
export interface FaultState {
  /** Stable key; `up` when nothing had happened yet. */
  readonly key: string;
  /** For people: `All legs up`, `leg-a unplugged`, `All legs up again`. */
  readonly title: string;
  readonly deadLegs: readonly string[];
}

export const ALL_UP: FaultState = { key: 'up', title: 'All legs up', deadLegs: [] };

type LegEvent = Extract<TimelineEvent, { type: 'leg' }>;

export function legEvents(manifest: EvidenceManifest): readonly LegEvent[] {
  return inOrder(manifest).filter((event): event is FaultEvent & LegEvent => event.type === 'leg');
}

/** Called for each probe of a run: the order is computed once per evidence. */
const ordered = new WeakMap<EvidenceManifest, readonly FaultEvent[]>();

function inOrder(manifest: EvidenceManifest): readonly FaultEvent[] {
  const known = ordered.get(manifest);
  if (known !== undefined) return known;
  const events = [...faultEvents(manifest)].sort((a, b) =>
    BigInt(a.fromNs) < BigInt(b.fromNs) ? -1 : BigInt(a.fromNs) > BigInt(b.fromNs) ? 1 : 0,
  );
  ordered.set(manifest, events);
  return events;
}

/** The subject of an event, and whether it is in order from then on. */
function subjectOf(event: FaultEvent): { readonly key: string; readonly name: string; readonly well: boolean } {
  switch (event.type) {
    case 'leg':
      return { key: `carrier ${event.leg}`, name: event.leg, well: event.state === 'up' };
    case 'wire':
      return { key: `${event.direction} ${event.leg}`, name: event.leg, well: event.state === 'whole' };
    case 'partner':
      return { key: `partner ${event.leg}`, name: event.leg, well: event.state === 'speaking' };
    case 'daemon':
      return { key: `${event.what} ${event.node}`, name: `${event.what} of ${event.node}`, well: event.state === 'up' };
  }
}

/**
 * The state at `atNs`: an edge counts from the moment it began, as the judge's bands take care of the time around it.
 */
export function faultStateAt(manifest: EvidenceManifest, atNs: bigint): FaultState {
  const broken = new Map<string, { readonly words: string; readonly dead: string | null }>();
  let past = false;
  const events = inOrder(manifest);
  for (const event of events) {
    if (BigInt(event.fromNs) > atNs) break;
    past = true;
    const { key, name, well } = subjectOf(event);
    if (well) broken.delete(key);
    // A rebooting leaf shows in its legs.
    else if (event.type !== 'daemon' || !events.some((other) => other.type === 'leg' && isSameFault(other, event)))
      broken.set(key, { words: `${name} ${pastTenseOf(event)}`, dead: event.type === 'leg' ? event.leg : null });
  }
  if (!past) return ALL_UP;
  if (broken.size === 0) return { key: 'again', title: 'All legs up again', deadLegs: [] };
  const words = [...new Set([...broken.values()].map((one) => one.words))].sort((a, b) => a.localeCompare(b));
  return {
    key: `down:${words.join(',')}`,
    title: words.join(', '),
    deadLegs: [...broken.values()]
      .flatMap((one) => (one.dead === null ? [] : [one.dead]))
      .sort((a, b) => a.localeCompare(b)),
  };
}

function isSameFault(a: FaultEvent, b: FaultEvent): boolean {
  return a.verb === b.verb && a.fromNs === b.fromNs;
}
