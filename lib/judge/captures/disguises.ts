import { duration, firstListed, some } from '../tell/phrasing.js';
import type { Finding } from '../types.js';
import { GROUP_SHIFT, GROUP_WAY, HOP_WAY, TAGS_WAY } from './content.js';
import { doubtOf } from './doubt.js';
import type { Entries } from './entries.js';
import type { SentOnce } from './sentOnce.js';
import { PAIRING } from './settings.js';

/**
 * Data from another MAC than its IP address belongs to, held against what its owner sent. Such data is usual (a router
 * forwards it, a bond gives each leg a MAC of its own); what its owner also sent, at the same moment and to another leaf,
 * was copied.
 */
export interface Disguises {
  /** An entry of such data, whose sender is the owner of the address. */
  note(place: number): void;
  /** Compares what the owner's own frame can no longer come for: everything older than 50 ms before `ns`. */
  expire(ns: number): void;
  waiting(): number;
  /** Senders that `isHost` refuses are left out. */
  findings(
    isHost: (sender: number) => boolean,
    nameOf: (sender: number) => string,
    names: readonly string[],
  ): Finding[];
}

interface Disguised {
  readonly sender: number;
  readonly a: number;
  readonly b: number;
  readonly way: number;
  readonly leaf: number;
  readonly ns: number;
}

const MOST = 10_000;
/** Of two copies of a packet: sent on by a router, altered so that a router may have, or as it was but for its source. */
type Way = 'routed' | 'altered' | 'same';

function wayBetween(one: number, other: number): Way {
  // Captures that have no tags, or no destination.
  if (one === 0 || other === 0) return 'altered';
  const differ = one ^ other;
  const isElsewhere = differ >>> GROUP_SHIFT !== 0;
  const isHopped = (differ & HOP_WAY) !== 0;
  // What goes to a group is relayed to the same MAC, be it in another VLAN.
  const isToGroup = (one & GROUP_WAY) !== 0;
  if (isHopped && (isElsewhere || isToGroup)) return 'routed';
  return isHopped || isElsewhere || (isToGroup && (differ & TAGS_WAY) !== 0) ? 'altered' : 'same';
}

/** `isJudged`: whether the time lies in the window. Without `sentOnce`, clocks are not known, and nothing is compared. */
export function createDisguises(
  entries: Pick<Entries, 'keyB' | 'loose' | 'destination' | 'times' | 'copies' | 'meta' | 'leaves'>,
  sentOnce: SentOnce | null,
  senderAt: (place: number) => number,
  isJudged: (ns: number) => boolean,
): Disguises {
  const { leaves } = entries;
  const held: Disguised[] = [];
  /** By leaf, where it came once more. */
  const copied = Array.from({ length: leaves }, () => new Map<number, number>());
  const doubtful = new Map<number, number>();

  function finish({ sender, a, b, way, leaf, ns }: Disguised): void {
    const own = sentOnce?.nearest(a, b, ns, leaf) ?? null;
    if (own === null) return;
    const how = wayBetween(own.way, way);
    if (how === 'routed') return;
    const counts = how === 'altered' || own.isRepeated ? doubtful : copied[leaf];
    counts?.set(sender, (counts.get(sender) ?? 0) + 1);
  }

  return {
    note(place) {
      if (sentOnce === null) return;
      for (let leaf = 0; leaf < leaves; leaf++) {
        const cell = place * leaves + leaf;
        const ns = entries.times[cell] as number;
        if (entries.copies[cell] === 0 || !isJudged(ns)) continue;
        held.push({
          sender: senderAt(place),
          a: entries.loose[place] as number,
          b: entries.keyB[place] as number,
          way: entries.destination[place] as number,
          leaf,
          ns,
        });
      }
      if (held.length > MOST) held.splice(0, MOST / 2).forEach(finish);
    },
    expire(ns) {
      const ready = held.findIndex((one) => one.ns + PAIRING.pairNs >= ns);
      held.splice(0, ready < 0 ? held.length : ready).forEach(finish);
    },
    waiting: () => held.length,
    findings(isHost, nameOf, names) {
      const of = (counts: ReadonlyMap<number, number>): readonly (readonly [number, number])[] =>
        [...counts].filter(([sender]) => isHost(sender));
      return [
        ...copied.flatMap((counts, leaf): Finding[] => {
          const failed = of(counts);
          const count = failed.reduce((sum, [, frames]) => sum + frames, 0);
          const who = firstListed(failed.map(([sender]) => nameOf(sender)));
          if (count === 0) return [];
          return [
            {
              property: 'P4',
              signature: 'data-replicated',
              verdict: 'fail',
              leaf: names[leaf] ?? '',
              count,
              probes: [],
              sentence: `${some(count, 'data frame')} of ${who} came to ${names[leaf] ?? ''} once more within ${duration(PAIRING.pairNs)}, from another source MAC: something copies data and rewrites it.`,
            },
          ];
        }),
        ...doubtOf(
          of(doubtful),
          nameOf,
          'no-proof-of-life',
          (frames, of) =>
            `${some(frames, 'data frame')} of ${of} came to another leaf once more within ${duration(PAIRING.pairNs)}, from another source MAC and with something else altered, or of a host that says the same again and again: a router sends ${frames === 1 ? 'it' : 'them'} on, or something copies ${frames === 1 ? 'it' : 'them'}.`,
        ),
      ];
    },
  };
}
