import type { Finding } from '../types.js';
import { duration } from '../tell/phrasing.js';
import { PAIRING } from './settings.js';

/** Faster clocks run away from each other by no more than this, ns per ns. */
const MOST_DRIFT = 100e-6;

/**
 * How far apart copies came, where clocks are not known and copies may be as far apart as clocks are trusted. A clock
 * that is wrong moves all of them by as much; copies that are late now and then do not all lie together.
 */
export interface Apart {
  /** Copies of one frame: how many each leaf has, and when each came, from `at` on. Allocates nothing. */
  note(copies: Uint8Array, times: Float64Array, at: number): void;
  /** `judgedNs`: time in which clocks may have drifted. */
  findings(leaves: readonly string[], judgedNs: number): Finding[];
}

/** `isKnown`: the leaves whose clocks are; copies of theirs lie together at 0. */
export function createApart(isKnown: readonly boolean[]): Apart {
  const leaves = isKnown.length;
  const least = new Float64Array(leaves * leaves).fill(Infinity);
  const most = new Float64Array(leaves * leaves).fill(-Infinity);
  for (let one = 0; one < leaves; one++)
    for (let other = one + 1; other < leaves; other++)
      if (isKnown[one] === true && isKnown[other] === true)
        least[one * leaves + other] = most[one * leaves + other] = 0;
  return {
    note(copies, times, at) {
      for (let one = 0; one < leaves; one++) {
        if (copies[at + one] === 0) continue;
        for (let other = one + 1; other < leaves; other++) {
          if (copies[at + other] === 0) continue;
          const pair = one * leaves + other;
          const ns = (times[at + other] as number) - (times[at + one] as number);
          if (ns < (least[pair] as number)) least[pair] = ns;
          if (ns > (most[pair] as number)) most[pair] = ns;
        }
      }
    },
    findings(names, judgedNs) {
      const found: Finding[] = [];
      for (let one = 0; one < leaves; one++) {
        for (let other = one + 1; other < leaves; other++) {
          const [from, to] = [least[one * leaves + other] ?? 0, most[one * leaves + other] ?? 0];
          if (to - from <= PAIRING.pairNs + MOST_DRIFT * Math.max(0, judgedNs)) continue;
          found.push({
            property: 'validity',
            signature: 'no-proof-of-life',
            verdict: 'inconclusive',
            leaf: names[other] ?? '',
            count: 1,
            probes: [],
            sentence: `Copies on ${names[other] ?? ''} came from ${duration(from)} to ${duration(to)} after those on ${names[one] ?? ''}: either they were late, or a clock ran away.`,
          });
        }
      }
      return found;
    },
  };
}
