import { duration, some } from '../tell/phrasing.js';
import type { Finding } from '../types.js';
import { NUMBERED } from './columns.js';
import { doubtOf } from './doubt.js';
import { PAIRING } from './settings.js';

/**
 * Data that another leaf had in the same words more than 50 ms before. Its host may say the same again, and its bond may
 * have moved the flow. Where each packet has a number, that is hardly so; where none has, it is usual, but not of much
 * that the host says.
 */
export interface LateData {
  /** A frame that came once more, once; `info` is its `meta`. */
  later(sender: number, info: number): void;
  /** It came a third time: its host says it again and again. */
  third(sender: number, info: number): void;
  /** `sent`: how much data a sender sent in all; senders that `isHost` refuses are left out. */
  findings(
    sent: (sender: number) => number,
    isHost: (sender: number) => boolean,
    nameOf: (sender: number) => string,
  ): Finding[];
}

/** Fewer without a number may be chance. */
const LEAST = 3;
/** Of what a host sends; what copies all of it makes a half of that. */
const SHARE = 1 / 3;

export function createLateData(): LateData {
  const numbered = new Map<number, number>();
  const others = new Map<number, number>();
  const add = (sender: number, info: number, by: number): void => {
    const counts = (info & NUMBERED) !== 0 ? numbered : others;
    counts.set(sender, (counts.get(sender) ?? 0) + by);
  };
  return {
    later(sender, info) {
      add(sender, info, 1);
    },
    third(sender, info) {
      add(sender, info, -1);
    },
    findings(sent, isHost, nameOf) {
      const found = [...new Set([...numbered.keys(), ...others.keys()])].flatMap(
        (sender): (readonly [number, number])[] => {
          const told = numbered.get(sender) ?? 0;
          const all = told + (others.get(sender) ?? 0);
          const count = all >= LEAST && all > SHARE * sent(sender) ? all : told;
          return count > 0 && isHost(sender) ? [[sender, count]] : [];
        },
      );
      return doubtOf(
        found,
        nameOf,
        'no-proof-of-life',
        (count, who) =>
          `${some(count, 'data frame')} from ${who} ${count === 1 ? 'was' : 'were'} on another leaf once more, word for word, ${duration(PAIRING.pairNs)} to ${duration(PAIRING.lateNs)} later: something copies ${count === 1 ? 'it' : 'them'} late, or the host says the same again and its bond moves its flows.`,
      );
    },
  };
}
