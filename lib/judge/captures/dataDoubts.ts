import { duration, some } from '../tell/phrasing.js';
import type { Finding } from '../types.js';
import { doubtOf } from './doubt.js';
import { PAIRING } from './settings.js';

/**
 * Data that several leaves had and that its host may have sent as often: it routes a packet twice, or into several
 * VLANs, or says the same again and again, and its bond spreads that over its legs; or it says the same from one
 * link-local address in several VLANs, of which captures without tags do not tell.
 */
export interface DataDoubts {
  routed(sender: number): void;
  repeated(sender: number): void;
  linked(sender: number): void;
  acknowledged(sender: number): void;
  /** Senders that `isHost` refuses are left out. */
  findings(isHost: (sender: number) => boolean, nameOf: (sender: number) => string): Finding[];
}

export function createDataDoubts(): DataDoubts {
  const routed = new Map<number, number>();
  const repeated = new Map<number, number>();
  const linked = new Map<number, number>();
  const acknowledged = new Map<number, number>();
  const add = (counts: Map<number, number>, sender: number): void => {
    counts.set(sender, (counts.get(sender) ?? 0) + 1);
  };
  return {
    routed(sender) {
      add(routed, sender);
    },
    repeated(sender) {
      add(repeated, sender);
    },
    linked(sender) {
      add(linked, sender);
    },
    acknowledged(sender) {
      add(acknowledged, sender);
    },
    findings(isHost, nameOf) {
      const finding = (counts: Map<number, number>, what: string): Finding[] =>
        doubtOf(
          [...counts].filter(([sender]) => isHost(sender)),
          nameOf,
          'no-proof-of-life',
          (count, who) =>
            `${some(count, 'data frame')} from ${who} ${count === 1 ? 'was' : 'were'} on another leaf within ${duration(PAIRING.pairNs)} ${what}, or something copies ${count === 1 ? 'it' : 'them'}.`,
        );
      return [
        ...finding(
          routed,
          'to another MAC, or in another VLAN with another hop limit or to a group: the host routes a packet twice, or into several VLANs',
        ),
        ...finding(repeated, 'of which the host says the same again and again: its bond spreads them over its legs'),
        ...finding(
          acknowledged,
          'that only acknowledge and that no number tells apart: the host says some of them several times, and its bond may spread them over its legs',
        ),
        ...finding(
          linked,
          'from or to a link-local address: the host says the same in several VLANs, of which captures without tags do not tell',
        ),
      ];
    },
  };
}
