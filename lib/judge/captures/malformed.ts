import { kindCode } from '../../wire/classify.js';
import { KINDS } from '../../wire/kinds.js';
import { copiesIn } from '../read/sightingBits.js';
import { some } from '../tell/phrasing.js';
import type { Finding } from '../types.js';
import { doubtOf } from './doubt.js';
import type { Seen } from './contentTally.js';

/**
 * Neighbor Discovery of hosts that every leaf drops (RFC 4861 7.1), such as with a hop limit of 254, and that is no
 * altered copy of a frame which is as it should be. No kernel sends it: something on the way altered all copies alike,
 * and what was NS or NA before can no longer be judged.
 */
export interface Malformed {
  /** Of a frame that owes nothing. */
  note(seen: Seen): void;
  /** `delivered`: frames of a kind that were on every leaf once; senders that `isHost` refuses are left out. */
  findings(
    delivered: (sender: number, kind: number) => number,
    isHost: (sender: number) => boolean,
    nameOf: (sender: number) => string,
  ): Finding[];
}

const MALFORMED = kindCode('nd-malformed');
/** Of a sender: fewer may be somebody who tries what leaves do. */
const LEAST = 3;
/** Of all Neighbor Discovery of a sender. */
const SHARE = 1 / 5;
const ND = KINDS.flatMap(({ family }, kind) => (family === 'nd' && kind !== MALFORMED ? [kind] : []));

export function createMalformed(): Malformed {
  const counts = new Map<number, number>();
  return {
    note({ sender, kind, words }) {
      if (sender === 0 || kind !== MALFORMED || words.every((word) => copiesIn(word) === 0)) return;
      counts.set(sender, (counts.get(sender) ?? 0) + 1);
    },
    findings(delivered, isHost, nameOf) {
      const found = [...counts].filter(([sender, count]) => {
        const good = ND.reduce((sum, kind) => sum + delivered(sender, kind), 0);
        return isHost(sender) && count >= LEAST && count >= SHARE * (count + good);
      });
      return doubtOf(
        found,
        nameOf,
        'no-proof-of-life',
        (count, who) =>
          `${some(count, 'message')} of Neighbor Discovery from ${who} ${count === 1 ? 'was' : 'were'} malformed on every leaf that had ${count === 1 ? 'it' : 'them'}, such as by a hop limit below 255: leaves drop that, and no kernel sends it, so something on the way altered all copies alike.`,
      );
    },
  };
}
