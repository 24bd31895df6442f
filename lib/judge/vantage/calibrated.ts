import type { VantageRecord } from '../../evidence/types.js';
import { kindEntry, type KindId, type TagForm } from '../../wire/kinds.js';
import { carries, isOnTheWire, reasonOf, type ClaimName } from './vantages.js';

/** What a vantage carries after it was tried. What was declared and what was tried both take away only. */
export interface Calibrated {
  /** Why a claim is not judged there; null = it is. */
  whyNot(claim: ClaimName): string | null;
  /** Frames like this were sent to it and not seen: nothing is known of them there. */
  isBlind(kind: KindId, form: TagForm): boolean;
}

/**
 * @param lost frames that its counters counted in the window that is judged; null where none could be read
 */
export function calibrated(record: VantageRecord, lost: number | null): Calibrated {
  const { kind: name, without, canaries, showsSent } = record;
  // A counter that did not count what the ladder lost counts something else.
  const vantage = { name, losses: countsLoss(record) ? lost : null };
  const unread = record.uncounted === undefined ? '' : ` (${record.uncounted})`;
  const showsTags = canaries.some(
    ({ form, copies, altered }) => form !== 'untagged' && copies > 0 && !altered.includes('tags'),
  );
  const neighbors = canaries.filter(({ kind }) => ['arp', 'nd'].includes(kindEntry(kind).family));
  const data = canaries.filter((canary) => !neighbors.includes(canary));
  const blind = new Set(canaries.flatMap(({ kind, form, copies }) => (copies === 0 ? [`${kind} ${form}`] : [])));
  const tried = (claim: ClaimName): string | null => {
    // Where nothing could be tried, a declaration is all there is: what is on the wire shows everything by its nature.
    if (record.untried !== undefined && claim !== 'reached' && !isOnTheWire(vantage))
      return `${record.untried}, so that it could not be tried`;
    switch (claim) {
      case 'missing':
        return lossText(record);
      case 'once':
        return ofCanaries(neighbors, ({ copies }) => copies > 1, 'came twice');
      case 'identity':
        return ofCanaries(canaries, ({ altered }) => altered.includes('content'), 'came with other bytes');
      case 'tags':
        return ofCanaries(canaries, ({ altered }) => altered.includes('tags'), 'came with other tags');
      case 'hop-limit':
        return ofCanaries(canaries, ({ altered }) => altered.includes('hop-limit'), 'came with another hop limit');
      case 'data':
        return (
          ofCanaries(data, ({ copies }) => copies === 0, 'with data did not come') ??
          ofCanaries(data, ({ copies }) => copies > 1, 'with data came twice') ??
          lossText(record)
        );
      case 'reflection':
        return showsSent ? 'it also shows what the leaf itself sends' : null;
      case 'reached':
      case 'skew':
        return null;
    }
  };
  return {
    whyNot(claim) {
      if (claim === 'tags' && without.includes('tags')) return 'its binding says that it strips tags';
      if (claim === 'data' && without.includes('data')) return 'its binding says that it does not show data';
      return tried(claim) ?? (carries(vantage, claim, showsTags) ? null : reasonOf(vantage, claim, unread));
    },
    isBlind: (kind, form) => blind.has(`${kind} ${form}`),
  };
}

type Canary = VantageRecord['canaries'][number];

function ofCanaries(canaries: readonly Canary[], is: (canary: Canary) => boolean, what: string): string | null {
  const found = canaries.filter(is).length;
  return found === 0
    ? null
    : `${found} of ${canaries.length} canaries ${what} on a single leg, with no replicator there`;
}

/** Frames of the ladder that were not seen. */
function lostOnLadder({ ladder }: VantageRecord): number {
  return ladder.reduce((sum, { frames, seen }) => sum + frames - Math.min(frames, seen), 0);
}

function countsLoss(record: VantageRecord): boolean {
  return record.counted !== null && record.counted >= lostOnLadder(record);
}

/** The fastest rate at which nothing was lost, frames per second; null where all were lost, or nothing was tried. */
export function capacityOf({ ladder }: VantageRecord): number | null {
  return ladder.findLast(({ frames, seen }) => seen >= frames)?.perSecond ?? null;
}

/** Why a frame that is missing may have been lost by the vantage. */
function lossText(record: VantageRecord): string | null {
  const lost = record.ladder.find(({ frames, seen }) => seen < frames);
  if (lost === undefined || countsLoss(record)) return null;
  const { frames, seen, perSecond } = lost;
  const counter = record.counted === null ? 'no counter was read' : `its counters counted ${record.counted}`;
  return `of ${frames} frames at ${perSecond} a second, sent on a single leg with no replicator there, ${frames - seen} did not come, and ${counter}`;
}
