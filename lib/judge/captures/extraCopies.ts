import type { ExtraCopy } from './contentTally.js';
import { grow, type Entries } from './entries.js';

/** Copies of open entries beyond the first one on a leaf: few frames have any, so they stand beside the columns. */
export interface ExtraCopies {
  note(place: number, copy: ExtraCopy): void;
  /** Those of an entry, which are forgotten then. */
  take(place: number): readonly ExtraCopy[];
  /** Doubles the ring of entries; every copy stays with its entry. */
  growEntries(): void;
}

export function createExtraCopies(entries: Entries): ExtraCopies {
  const extras = new Map<number, ExtraCopy[]>();

  /** The counter of an open entry, which stays its own when the ring grows. */
  function counterAt(place: number): number {
    return (entries.oldest + ((place - entries.oldest) & (entries.capacity - 1))) | 0;
  }

  return {
    note(place, copy) {
      const known = extras.get(place);
      if (known === undefined) extras.set(place, [copy]);
      else known.push(copy);
    },
    take(place) {
      const copies = extras.get(place) ?? [];
      extras.delete(place);
      return copies;
    },
    growEntries() {
      const places = [...extras].map(([place, extra]) => [counterAt(place), extra] as const);
      grow(entries);
      extras.clear();
      for (const [counter, extra] of places) extras.set(counter & (entries.capacity - 1), extra);
    },
  };
}
