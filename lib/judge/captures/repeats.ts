import { PAIRING } from './settings.js';

/** Contents that are followed at most; beyond them every further one counts as one that repeats. */
const MOST = 100_000;

interface Content {
  times: number;
  /** Of those: copies further apart than copies are. */
  apart: number;
}

/**
 * Where clocks are not known, frames of one content that comes again and again can be paired wrongly: each of two
 * leaves that hear every other one looks like a leaf whose clock is off. Only copies that lie as close together as
 * copies do tell then.
 */
export interface Repeats {
  /** A frame that several leaves saw; `isClose`: within the time that lies between copies. */
  note(keyA: number, keyB: number, isClose: boolean): void;
  /**
   * Any frame, in the order they came: how many copies each leaf has, and when the latest of each came, from `at` on.
   */
  saw(keyA: number, keyB: number, copies: Uint8Array, latest: Float64Array, at: number): void;
  /**
   * Whether each leaf that has no copy of this frame had one so near that it may be this one's, paired with another.
   * `ns`: when the frame came.
   */
  wasNear(keyA: number, keyB: number, copies: Uint8Array, at: number, ns: number): boolean;
  /** Frames of which it is not known whether they are copies of each other. */
  ambiguous(): number;
}

/** 53 bits: enough to tell contents apart. */
function keyOf(a: number, b: number): number {
  return (a & 0x1fffff) * 0x1_0000_0000 + (b >>> 0);
}

export function createRepeats(leaves: number): Repeats {
  /** Time of the latest copy by content and leaf. */
  const latestOf = new Map<number, Float64Array>();
  const contents = new Map<number, Content>();
  let beyond = 0;
  return {
    note(keyA, keyB, isClose) {
      const key = keyOf(keyA, keyB);
      const known = contents.get(key);
      if (known !== undefined) {
        known.times++;
        if (!isClose) known.apart++;
      } else if (contents.size < MOST) contents.set(key, { times: 1, apart: isClose ? 0 : 1 });
      else if (!isClose) beyond++;
    },
    saw(keyA, keyB, copies, latest, at) {
      const key = keyOf(keyA, keyB);
      let times = latestOf.get(key);
      if (times === undefined) {
        if (latestOf.size >= MOST) return;
        latestOf.set(key, (times = new Float64Array(leaves).fill(-Infinity)));
      }
      for (let leaf = 0; leaf < leaves; leaf++)
        if (copies[at + leaf] !== 0) times[leaf] = Math.max(times[leaf] as number, latest[at + leaf] as number);
    },
    wasNear(keyA, keyB, copies, at, ns) {
      const times = latestOf.get(keyOf(keyA, keyB));
      if (times === undefined) return false;
      for (let leaf = 0; leaf < leaves; leaf++)
        if (copies[at + leaf] === 0 && Math.abs((times[leaf] as number) - ns) > PAIRING.assumedNs + PAIRING.pairNs)
          return false;
      return true;
    },
    ambiguous: () => [...contents.values()].reduce((sum, { times, apart }) => sum + (times > 1 ? apart : 0), beyond),
  };
}
