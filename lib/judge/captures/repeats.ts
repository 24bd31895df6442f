/** Contents that are followed at most; beyond them every further one counts as one that repeats. */
const MOST = 100_000;

interface Content {
  times: number;
  /** Of those: copies further apart than copies are. */
  apart: number;
}

/**
 * Where clocks are not known, frames of one content that comes again and again can be paired wrongly: each of two leaves that hear every
 * other one looks like a leaf whose clock is off. Only copies that lie as close together as copies do tell then.
 */
export interface Repeats {
  /** A frame that several leaves saw; `isClose`: within the time that lies between copies. */
  note(keyA: number, keyB: number, isClose: boolean): void;
  /** Frames of which it is not known whether they are copies of each other. */
  ambiguous(): number;
}

export function createRepeats(): Repeats {
  const contents = new Map<number, Content>();
  let beyond = 0;
  return {
    note(keyA, keyB, isClose) {
      // 53 bits: enough to tell contents apart.
      const key = (keyA & 0x1fffff) * 0x1_0000_0000 + (keyB >>> 0);
      const known = contents.get(key);
      if (known !== undefined) {
        known.times++;
        if (!isClose) known.apart++;
      } else if (contents.size < MOST) contents.set(key, { times: 1, apart: isClose ? 0 : 1 });
      else if (!isClose) beyond++;
    },
    ambiguous: () => [...contents.values()].reduce((sum, { times, apart }) => sum + (times > 1 ? apart : 0), beyond),
  };
}
