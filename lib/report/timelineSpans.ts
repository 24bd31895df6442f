import type { EvidenceManifest, TimelineEvent } from '../evidence/types.js';

/** The state of a leg for some time. The worst of simultaneous states; `deaf` = frames to the host are lost. */
export type LegCondition = 'up' | 'down' | 'lost' | 'lossy' | 'slow' | 'deaf' | 'silent' | 'split';

export interface Span<T> {
  /** ns since the epoch. */
  readonly from: bigint;
  readonly to: bigint;
  readonly state: T;
}

const WORST_FIRST: readonly LegCondition[] = ['down', 'lost', 'lossy', 'slow', 'deaf', 'split', 'silent', 'up'];

/** The aspect of a leg that an event changes, and its new state; null when it does not concern this leg. */
function aspect(event: TimelineEvent, leg: string): readonly [string, LegCondition] | null {
  if (!('leg' in event) || event.leg !== leg) return null;
  switch (event.type) {
    case 'leg':
      return ['carrier', event.state];
    case 'wire':
      return [event.direction, event.state === 'whole' ? 'up' : event.direction === 'to-leaf' ? event.state : 'deaf'];
    case 'partner':
      return ['partner', event.state === 'speaking' ? 'up' : event.state];
    case 'observed':
      return null;
  }
}

function spansOf<T>(
  manifest: EvidenceManifest,
  first: T,
  next: (event: TimelineEvent) => T | null,
): readonly Span<T>[] {
  const spans: Span<T>[] = [];
  let [from, state] = [BigInt(manifest.window.openNs), first];
  const cut = (to: bigint, following: T): void => {
    if (following === state) return;
    if (to > from) spans.push({ from, to, state });
    [from, state] = [to, following];
  };
  for (const event of manifest.timeline) {
    const following = next(event);
    if (following !== null) cut(BigInt(event.fromNs), following);
  }
  const end = BigInt(manifest.window.closeNs);
  if (end > from) spans.push({ from, to: end, state });
  return spans;
}

/** What the lab did to a leg, from the window's opening to its end. */
export function legSpans(manifest: EvidenceManifest, leg: string): readonly Span<LegCondition>[] {
  const aspects = new Map<string, LegCondition>();
  return spansOf<LegCondition>(manifest, 'up', (event) => {
    const found = aspect(event, leg);
    if (found === null) return null;
    aspects.set(found[0], found[1]);
    return WORST_FIRST.find((condition) => [...aspects.values()].includes(condition)) ?? 'up';
  });
}

/** What the host's bond reported of a leg; null when it was not watched. */
export function memberSpans(manifest: EvidenceManifest, leg: string): readonly Span<string>[] | null {
  if (!manifest.timeline.some((event) => event.type === 'observed')) return null;
  return spansOf(manifest, 'enabled', (event) =>
    event.type === 'observed' && event.what === 'member' && event.leg === leg ? event.state : null,
  );
}

/** Daemons that the lab stopped, each with the times when it was gone. */
export function daemonSpans(
  manifest: EvidenceManifest,
): readonly { readonly name: string; readonly spans: readonly Span<'up' | 'down'>[] }[] {
  const names = new Set(
    manifest.timeline.flatMap((event) => (event.type === 'daemon' ? [`${event.node} ${event.what}`] : [])),
  );
  return [...names].map((name) => ({
    name,
    spans: spansOf<'up' | 'down'>(manifest, 'up', (event) =>
      event.type === 'daemon' && `${event.node} ${event.what}` === name ? event.state : null,
    ),
  }));
}

/** An event that the lab made, as against one that it saw or noted. */
export type FaultEvent = Exclude<TimelineEvent, { type: 'observed' } | { type: 'mark' }>;

export function faultEvents(manifest: EvidenceManifest): readonly FaultEvent[] {
  return manifest.timeline.filter((event): event is FaultEvent => event.type !== 'observed' && event.type !== 'mark');
}
