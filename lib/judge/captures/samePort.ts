import type { Problem } from '../read/certificate.js';
import type { Feed } from './feed.js';

/** What each capture's LACPDUs say against it, by leaf: who judges one port twice finds that both saw the same, whatever the replicator does. */
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

/** Two leaves whose every copy came at the very same time. */
interface Pair {
  readonly one: number;
  readonly other: number;
  frames: number;
}

/** Two taps on one port get one time stamp from the kernel; two ports never do for long. */
export interface SameStamps {
  /** Of a frame that every leaf saw; corrected times of all leaves stand from `at` on. Allocates nothing. */
  note(times: Float64Array, at: number): void;
  /** Pairs of leaves that never differed, and saw enough to say so. */
  pairs(): readonly { readonly one: number; readonly other: number }[];
}

/** Fewer may have the same stamps by chance, where stamps are in microseconds. */
const LEAST = 8;

/** `isSameClock`: whether the corrections of two leaves leave the difference of their time stamps as it is. */
export function createSameStamps(leaves: number, isSameClock: (one: number, other: number) => boolean): SameStamps {
  let open: Pair[] = Array.from({ length: leaves }, (_, one) =>
    Array.from({ length: leaves - one - 1 }, (_other, i): Pair => ({ one, other: one + 1 + i, frames: 0 })),
  ).flat();
  return {
    note(times, at) {
      // After the first frames of any two ports nothing is left to look at.
      for (let i = open.length - 1; i >= 0; i--) {
        const pair = open[i] as Pair;
        if (times[at + pair.one] === times[at + pair.other]) pair.frames++;
        else open.splice(i, 1);
      }
    },
    pairs: () => (open = open.filter(({ one, other, frames }) => frames >= LEAST && isSameClock(one, other))),
  };
}
