import type { Feed } from './feed.js';
import { MOST_HOSTS } from './settings.js';
import { OWN_MEMORY } from './tableRoom.js';

/** One numbering of senders over all captures, from 1; 0 is nobody. */
export interface Senders {
  /** From a capture's own number. */
  numberOf(leaf: number, own: number): number;
  /** MACs in the order of their numbers. */
  macs(): readonly number[];
  /** By leaf and the capture's own number; 0 = it has none yet. */
  readonly maps: readonly Int32Array[];
}

export function createSenders(feeds: readonly Feed[], room = OWN_MEMORY): Senders {
  const maps = feeds.map(() => room.words(MOST_HOSTS + 1));
  const numbers = new Map<number, number>();
  return {
    maps,
    numberOf(leaf, own) {
      const map = maps[leaf] as Int32Array;
      const known = map[own] as number;
      if (known !== 0) return known;
      const mac = feeds[leaf]?.macs[own - 1] ?? 0;
      let number = numbers.get(mac);
      if (number === undefined) numbers.set(mac, (number = numbers.size + 1));
      return (map[own] = number);
    },
    macs: () => [...numbers.keys()],
  };
}
