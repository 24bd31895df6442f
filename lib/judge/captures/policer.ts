import { KINDS } from '../../wire/kinds.js';
import type { Offered } from './arrivals.js';
import { BUCKET_COST, fitBucket, type BucketFit, type Losses } from './bucketFit.js';
import { logChoose } from './coding.js';

/**
 * Switches police what goes to their CPU: ARP and Neighbor Discovery together, by a token bucket. What it drops comes in
 * a pattern of its own: a frame is missing where the bucket was empty, whatever its kind and host, and none is where it
 * was not. Frames that a replicator loses by chance, by kind, by host or for a while do not fit any bucket, or fit it by
 * chance: one lost frame of a few, seldom; more, hardly ever.
 */
export interface Policed {
  /** Frames a second that it lets through. */
  readonly rate: number;
  /** Frames that it lets through at once. */
  readonly burst: number;
  readonly missing: number;
  readonly offered: number;
}

/** Frames of one kind from one host. */
export interface Group {
  readonly sender: number;
  /** Index in KINDS. */
  readonly kind: number;
  readonly came: number;
  readonly missing: number;
}

/** Some bucket fits any one missing frame of a few: then it is the replicator's. */
const LEAST = 2;
/** What is lost by chance is taken for a policer's no more often than once in so many times, where misfits are allowed. */
const SURE = Math.log(1_000);
/**
 * Where less is missing than it takes to say which bucket it is, some bucket fits one of a few frames by chance: then it
 * must be one as switches have without being told, 20 a second and more, of which some let 0.7 pass, and not one at a
 * time; and full at first.
 */
const USUAL = { leastRate: 14, leastBurst: 2, startsFull: [true] } as const;
/** Of the missing frames, at most as many as this share do not fit: policers count by clocks of their own. */
const MOST_MISFITS = 0.15;
/** Of more frames the beginning, the middle and the end of the losses are looked at, each so many frames long. */
const WHOLE = 4_096;
const PART = 2_048;
/** Of a part, this share lies before the missing frame for which it is looked at. */
const PARTS = [
  { of: 0, before: 1 / 4 },
  { of: 1 / 2, before: 1 / 2 },
  { of: 1, before: 3 / 4 },
] as const;

export function policedBy(offered: Offered, groups: readonly Group[]): Policed | null {
  if (groups.reduce((sum, group) => sum + group.missing, 0) < LEAST || isByLabel(groups)) return null;
  let first: BucketFit | null = null;
  for (const part of partsOf(offered)) {
    const fit = explained(part);
    if (fit === null) return null;
    first ??= fit;
  }
  const missing = groups.reduce((sum, group) => sum + group.missing, 0);
  const came = groups.reduce((sum, group) => sum + group.came, 0);
  return first === null ? null : { rate: first.rate, burst: first.burst, missing, offered: missing + came };
}

/** The bucket that explains which frames are missing; null where none does, or something else does it far better. */
function explained(losses: Losses): BucketFit | null {
  const { lacks } = losses;
  const frames = lacks.length;
  const missing = lacks.reduce((sum, lack) => sum + lack, 0);
  if (missing === frames) return null;
  const byChance = logChoose(frames, missing);
  const fit = fitBucket(losses);
  if (fit === null) return null;
  if (byChance - fit.cost <= BUCKET_COST) {
    const usual = fitBucket(losses, USUAL);
    return usual !== null && usual.misfits === 0 && usual.cost < byChance ? usual : null;
  }
  if (fit.misfits === 0) return fit;
  // Said by where they begin and where they end.
  const isOneRun = lacks.lastIndexOf(1) - lacks.indexOf(1) + 1 === missing;
  if (isOneRun && fit.cost + BUCKET_COST > Math.log((frames * (frames + 1)) / 2) + SURE) return null;
  return fit.misfits <= MOST_MISFITS * missing && byChance - fit.cost > BUCKET_COST + SURE ? fit : null;
}

function partsOf({ times, lacks }: Losses): Losses[] {
  if (times.length <= WHOLE) return [{ times, lacks }];
  const missing = Array.from(lacks.keys()).filter((at) => lacks[at] === 1);
  let covered = 0;
  return PARTS.flatMap(({ of, before }) => {
    const at = missing[Math.round(of * (missing.length - 1))] ?? 0;
    if (at < covered) return [];
    const from = Math.max(0, Math.min(at - Math.round(before * PART), times.length - PART));
    covered = from + PART;
    return [{ times: times.subarray(from, covered), lacks: lacks.subarray(from, covered) }];
  });
}

const LABELS: readonly ((group: Group) => string)[] = [
  ({ kind }) => KINDS[kind]?.family ?? '',
  ({ kind }) => String(kind),
  ({ sender }) => String(sender),
  ({ sender, kind }) => `${sender} ${kind}`,
];

/**
 * Whether kinds or hosts are missing as a whole, and nothing else is. A policer, which looks at neither, does that by
 * chance only.
 */
function isByLabel(groups: readonly Group[]): boolean {
  return LABELS.some((labelOf) => {
    const by = new Map<string, { came: number; missing: number }>();
    for (const group of groups) {
      const sum = by.get(labelOf(group)) ?? { came: 0, missing: 0 };
      sum.came += group.came;
      sum.missing += group.missing;
      by.set(labelOf(group), sum);
    }
    const all = [...by.values()];
    if (all.some(({ came, missing }) => came > 0 && missing > 0)) return false;
    const missing = all.reduce((sum, of) => sum + of.missing, 0);
    const frames = all.reduce((sum, of) => sum + of.missing + of.came, 0);
    const lost = all.filter((of) => of.missing > 0).length;
    return logChoose(frames, missing) - logChoose(all.length, lost) > SURE + Math.log(LABELS.length);
  });
}
