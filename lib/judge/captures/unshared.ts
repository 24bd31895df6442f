import { listed, some } from '../tell/phrasing.js';
import type { Finding } from '../types.js';

/**
 * Neighbor frames that came while not every capture was alive, or so close to it that a copy may be missing: nothing of
 * them is judged.
 */
export interface Unshared {
  /** `copies` on a leaf; before the judged time, or after it. */
  note(sender: number, leaf: number, isBefore: boolean, copies: number): void;
  /** Null where there are none of hosts. */
  finding(leaves: readonly string[], isHost: (sender: number) => boolean): Finding | null;
}

export function createUnshared(leaves: number): Unshared {
  /** By sender: before the judged time by leaf, then after it. */
  const counts = new Map<number, Float64Array>();
  return {
    note(sender, leaf, isBefore, copies) {
      let row = counts.get(sender);
      if (row === undefined) counts.set(sender, (row = new Float64Array(2 * leaves)));
      const at = isBefore ? leaf : leaves + leaf;
      row[at] = (row[at] ?? 0) + copies;
    },
    finding(names, isHost) {
      const sums = new Float64Array(2 * leaves);
      for (const [sender, row] of counts)
        if (isHost(sender)) row.forEach((count, at) => (sums[at] = (sums[at] ?? 0) + count));
      const count = sums.reduce((sum, of) => sum + of, 0);
      if (count === 0) return null;
      const parts = [
        { when: 'before', row: sums.subarray(0, leaves) },
        { when: 'after', row: sums.subarray(leaves) },
      ].flatMap(({ when, row }) => {
        const total = row.reduce((sum, of) => sum + of, 0);
        const each = names.flatMap((name, leaf) => (row[leaf] === 0 ? [] : [`${row[leaf] ?? 0} on ${name}`]));
        return total === 0 ? [] : [`${when} it (${listed(each)})`];
      });
      return {
        property: 'validity',
        signature: 'nothing-judged',
        verdict: 'note',
        count,
        probes: [],
        sentence: `Only what came well inside the time that all captures share is judged: ${some(count, 'neighbor frame')} of hosts came ${listed(parts)}.`,
      };
    },
  };
}
