import type { Problem } from '../read/certificate.js';
import { listed } from '../tell/phrasing.js';
import type { Finding } from '../types.js';
import type { Feed } from './feed.js';

/**
 * What each capture's LACPDUs say against it, by leaf: who judges one port twice finds that both saw the same, whatever
 * the replicator does.
 */
export function lacpProblems(captures: readonly { readonly file: string; readonly feed: Feed }[]): Problem[][] {
  const problems = captures.map((): Problem[] => []);
  const own = captures.map(({ feed }) => new Set(feed.end?.lacpdus ?? []));
  captures.forEach(({ file }, one) => {
    for (let other = one + 1; other < captures.length; other++) {
      if (captures[other]?.feed.end?.lacpdus.some((content) => own[one]?.has(content)) !== true) continue;
      const text = `${file} and ${captures[other]?.file ?? ''} hold the same LACPDU, which is a port's own: either both were taken on one port, or the host copies its LACPDUs`;
      for (const leaf of [one, other]) problems[leaf]?.push({ signature: 'no-proof-of-life', text });
    }
  });
  return problems;
}

/** How the time stamps of one port's two captures relate. */
type Relation =
  /** One clock stamped both: the kernel gives two taps on one port the same stamp, and two ports never for long. */
  | 'equal'
  /**
   * Two clocks stamped one signal: their difference does not jitter as the copies of any replicator do that also has
   * other work.
   */
  | 'constant';

/** Two leaves that saw the same frames at the same times. */
export interface SamePort {
  readonly one: number;
  readonly other: number;
  readonly relation: Relation;
  /** One of both does not hold everything. */
  readonly isPartial: boolean;
}

/** Tells two captures of one port from captures of two ports, by every frame of the hosts. */
export interface SamePorts {
  /**
   * A frame that several leaves saw: how many copies each has, and when the first came (corrected), from `at` on.
   * Allocates nothing.
   */
  note(copies: Uint8Array, times: Float64Array, at: number, isSentOnce: boolean): void;
  /** A frame that must be sent once, and that only this leaf saw: another leaf is another port. */
  alone(leaf: number): void;
  /** Whether there is anything left to find out. */
  isOpen(): boolean;
  /** @param isSameClock whether the corrections of two leaves leave the difference of their time stamps as it is */
  pairs(isSameClock: (one: number, other: number) => boolean): readonly SamePort[];
}

interface Pair {
  readonly one: number;
  readonly other: number;
  /** Frames that both saw. */
  frames: number;
  /** Of those: such as must be sent once. */
  sentOnce: number;
  /**
   * Such as must be sent once were on the one alone, on the other alone: two ports, or a capture does not hold
   * everything.
   */
  oneAlone: boolean;
  otherAlone: boolean;
  /** Of those: stamps that differ; that differ by more than two clocks make of one signal. */
  differing: number;
  loose: number;
}

/**
 * One common frame may have equal stamps by chance, where stamps are in microseconds and copies a few of them apart.
 */
const LEAST = 2;
/** Where one of both does not hold everything, more must say that they are of one port: its data is on the other one. */
const LEAST_PARTIAL = 3;
/**
 * Two network interfaces that stamp one signal agree within this once offset and drift are taken away, stamps of whole
 * microseconds included.
 */
const JITTER_NS = 2_500;
/** An interrupt that came late now and then moves a stamp. */
const LOOSE_SHARE = 1 / 32;
/** So many frames are looked at before a pair is given up for those that jitter. */
const PATIENCE = 32;
/** Corrected times are doubles. */
const EQUAL_NS = 0.5;

export function createSamePorts(leaves: number, isShared: boolean): SamePorts {
  const open: Pair[] = Array.from({ length: leaves }, (_, one) =>
    Array.from({ length: leaves - one - 1 }, (_other, i): Pair => ({
      one,
      other: one + 1 + i,
      frames: 0,
      sentOnce: 0,
      oneAlone: false,
      otherAlone: false,
      differing: 0,
      loose: 0,
    })),
  ).flat();
  /** What stamps differ is not one clock's, and what jitters, or has data of its own on either side, not one port's. */
  function isRuledOut({ frames, differing, loose, oneAlone, otherAlone }: Pair): boolean {
    if (differing === 0) return false;
    return isShared || (oneAlone && otherAlone) || (loose > frames * LOOSE_SHARE && frames >= PATIENCE);
  }

  return {
    note(copies, times, at, isSentOnce) {
      // After the first frames of any two ports nothing is left to look at.
      for (let i = open.length - 1; i >= 0; i--) {
        const pair = open[i] as Pair;
        if (copies[at + pair.one] === 0 || copies[at + pair.other] === 0) {
          if (isSentOnce && copies[at + pair.one] !== copies[at + pair.other])
            setAlone(pair, copies[at + pair.one] === 0);
          if (isRuledOut(pair)) open.splice(i, 1);
          continue;
        }
        const apart = Math.abs((times[at + pair.one] as number) - (times[at + pair.other] as number));
        pair.frames++;
        if (isSentOnce) pair.sentOnce++;
        if (apart >= EQUAL_NS) pair.differing++;
        if (apart > JITTER_NS) pair.loose++;
        if (isRuledOut(pair)) open.splice(i, 1);
      }
    },
    alone(leaf) {
      for (let i = open.length - 1; i >= 0; i--) {
        const pair = open[i] as Pair;
        if (pair.one !== leaf && pair.other !== leaf) continue;
        setAlone(pair, pair.other === leaf);
        if (isRuledOut(pair)) open.splice(i, 1);
      }
    },
    isOpen: () => open.length > 0,
    pairs: (isSameClock) =>
      open.flatMap(({ one, other, frames, sentOnce, oneAlone, otherAlone, differing, loose }): SamePort[] => {
        const isPartial = oneAlone || otherAlone;
        if (frames < LEAST || (isPartial && sentOnce < LEAST)) return [];
        if (differing === 0 && isSameClock(one, other)) return [{ one, other, relation: 'equal', isPartial }];
        // A replicator in hardware may copy with a constant delay. It does not copy data.
        const isConstant =
          !isShared &&
          sentOnce > (isPartial ? LEAST_PARTIAL : 0) &&
          !(oneAlone && otherAlone) &&
          frames > LEAST &&
          loose <= frames * LOOSE_SHARE;
        return isConstant ? [{ one, other, relation: 'constant', isPartial }] : [];
      }),
  };
}

function setAlone(pair: Pair, isOther: boolean): void {
  if (isOther) pair.otherAlone = true;
  else pair.oneAlone = true;
}

/** What is said of captures of one port, once for all of them. */
export interface OnePort {
  readonly isOf: (leaf: number) => boolean;
  /** Nothing is left to judge. */
  readonly isEverywhere: boolean;
  readonly findings: readonly Finding[];
}

export function onePortOf(leaves: readonly string[], pairs: readonly SamePort[]): OnePort {
  const isOf = (leaf: number): boolean => pairs.some(({ one, other }) => one === leaf || other === leaf);
  const names = listed(leaves.filter((_, leaf) => isOf(leaf)));
  const sentence = pairs.every(({ relation }) => relation === 'equal')
    ? `Every copy has the very same time stamp on ${names}: they were taken on one port, or one is a copy of the other.`
    : pairs.some(({ isPartial }) => isPartial)
      ? `Data of one of ${names} is on the other, too, and copies are always equally far apart: they were taken on one port, and one capture lacks frames, or something copies data.`
      : `Every frame is on ${names}, data too, and its copies are always equally far apart: they were taken on one port, or something copies everything.`;
  return {
    isOf,
    isEverywhere: leaves.every((_, leaf) => isOf(leaf)),
    findings:
      pairs.length === 0
        ? []
        : [
            {
              property: 'validity',
              signature: 'no-proof-of-life',
              verdict: 'inconclusive',
              count: 1,
              probes: [],
              sentence,
            },
          ],
  };
}
