import type { TimelineEvent } from '../evidence/types.js';
import type { TimeBase } from './clock.js';
import { BAND, DEAD, LIVE } from './word.js';

export type LegState = typeof LIVE | typeof DEAD | typeof BAND;

/**
 * What the leg was when a frame was sent at `ns`. An event brackets its edge (begun, known to have happened); `bandNs` on both
 * sides of that nothing is claimed, and from there on the leg is what the event says until the next one. Before its first event it is up.
 */
export function legStateAt(events: readonly TimelineEvent[], leg: string, ns: number, bandNs: number, base: TimeBase): LegState {
  let state: LegState = LIVE;
  let latest = -Infinity;
  for (const event of events) {
    if (event.type !== 'leg' || event.leg !== leg) continue;
    const from = base.fromText(event.fromNs);
    const to = base.fromText(event.toNs);
    if (ns >= from - bandNs && ns <= to + bandNs) return BAND;
    if (from <= ns && from >= latest) {
      latest = from;
      state = event.state === 'down' ? DEAD : LIVE;
    }
  }
  return state;
}
