import type { Judgement } from '../judge/types.js';

/**
 * Windows that failed for nothing but frames that were missing on some leaves. Writers of pcapng say at the end only how
 * many frames they dropped (dumpcap), and of a leaf whose capture dropped some, a missing frame proves nothing.
 */
export interface Losses {
  /** Of a closed window. Returns of how many windows before it nothing is proved any more. */
  add(judgement: Judgement): number;
}

export function createLosses(): Losses {
  /** How many windows lacked frames on these leaves, by their names. */
  let open = new Map<string, { readonly leaves: readonly string[]; readonly windows: number }>();

  function put(leaves: readonly string[], windows: number): void {
    const key = JSON.stringify(leaves);
    open.set(key, { leaves, windows: windows + (open.get(key)?.windows ?? 0) });
  }

  return {
    add({ verdict, findings, certificates }) {
      const dropped = new Set(
        Object.entries(certificates).flatMap(([leaf, { drops }]) => (drops !== null && drops > 0 ? [leaf] : [])),
      );
      let unproved = 0;
      if (dropped.size > 0) {
        const before = open.values();
        open = new Map();
        for (const { leaves, windows } of before) {
          const left = leaves.filter((leaf) => !dropped.has(leaf));
          if (left.length === 0) unproved += windows;
          else put(left, windows);
        }
      }
      const failed = findings.filter((finding) => finding.verdict === 'fail');
      if (verdict !== 'fail' || !failed.every(({ signature }) => signature === 'missing')) return unproved;
      const leaves = [...new Set(failed.flatMap(({ leaf }) => leaf ?? []))].sort();
      if (failed.every(({ leaf }) => leaf !== undefined)) put(leaves, 1);
      return unproved;
    },
  };
}
