import type { EvidenceManifest, TimelineEvent } from '../evidence/types.js';

/** Which legs were down when a probe was sent: one section of the delivery matrix. */
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
  return manifest.timeline.filter((event) => event.type === 'leg').sort((a, b) => (BigInt(a.fromNs) < BigInt(b.fromNs) ? -1 : 1));
}

/** The state at `atNs`: an edge counts from the moment it began, as the judge's bands take care of the time around it. */
export function faultStateAt(manifest: EvidenceManifest, atNs: bigint): FaultState {
  const down = new Map<string, string>();
  let past = false;
  for (const event of legEvents(manifest)) {
    if (BigInt(event.fromNs) > atNs) continue;
    past = true;
    if (event.state === 'down') down.set(event.leg, event.verb);
    else down.delete(event.leg);
  }
  if (!past) return ALL_UP;
  if (down.size === 0) return { key: 'again', title: 'All legs up again', deadLegs: [] };
  const dead = [...down].sort(([a], [b]) => a.localeCompare(b));
  const words = dead.map(([leg, verb]) => `${leg} ${pastTense(verb)}`);
  return { key: `down:${words.join(',')}`, title: words.join(', '), deadLegs: dead.map(([leg]) => leg) };
}

const PAST: Readonly<Record<string, string>> = {
  unplug: 'unplugged', plug: 'plugged', adminDown: 'shut', silenceLacp: 'without LACP', mute: 'muted', deafen: 'deafened',
  lose: 'losing frames', delay: 'delayed', flap: 'flapping', rebootLeaf: 'behind a rebooting leaf',
};

function pastTense(verb: string): string {
  return PAST[verb] ?? `down (${verb})`;
}
