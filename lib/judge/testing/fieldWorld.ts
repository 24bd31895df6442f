import { dice } from '../../dice.js';
import type { VlanTag } from '../../wire/frame.js';
import type { KindId } from '../../wire/kinds.js';
import { MS, plainFrame, SECOND, US } from './captures.js';
import { altered, type Captured, type Fate } from './situation.js';

export interface WorldOptions {
  readonly seed: number;
  readonly fate: Fate;
  readonly leaves?: number;
  readonly frames?: number;
  /** Between two neighbor frames on average; never more than 60 % nearer or further. */
  readonly everyMs?: number;
  readonly tags?: readonly VlanTag[];
  /** Data of each host, as often as neighbor frames; true unless said otherwise. */
  readonly hasData?: boolean;
}

/** What leaves hear of some hosts, and the one frame that fared badly. */
export interface World {
  readonly leaves: Captured[][];
  readonly hosts: readonly string[];
  readonly victim: { readonly leaf: number; readonly kind: KindId; readonly at: number };
}

/** Kinds in whose frames the sender's own MAC stands a second time, so that a twin can alter it. */
export const KINDS: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-request-unicast',
  'arp-reply-unicast',
  'garp-request',
  'garp-reply',
  'ns-multicast',
  'ns-unicast',
  'na-solicited',
  'na-unsolicited',
];

/** By chance, the same for the same seed: hosts, kinds, times, and which leaf a frame fares badly on (never the first). */
export function fieldWorld(options: WorldOptions): World {
  const { seed, fate, leaves: count = 2, frames = 40, everyMs = 120, tags = [], hasData = true } = options;
  const roll = dice(seed * 7_919 + 13);
  const below = (n: number): number => Math.floor(roll() * n);
  const leaves: Captured[][] = Array.from({ length: count }, () => []);
  const see = (leaf: number, at: number, frame: Uint8Array): void =>
    void leaves[leaf]?.push({ at: Math.round(at), frame });
  const hosts = [10, 11, 12, 13].slice(0, 1 + below(3));
  const place = Math.floor(frames * (0.3 + roll() * 0.4));
  const victim = { leaf: 1 + below(count - 1), kind: KINDS[0] as KindId, at: 0 };
  let at = SECOND;
  for (let i = 0; i < frames; i++) {
    at += everyMs * MS * (0.4 + 1.2 * roll());
    const host = hosts[i % hosts.length] ?? 10;
    const kind = KINDS[below(KINDS.length)] ?? 'ns-multicast';
    const frame = plainFrame(kind, { host, variation: i + 1, tags });
    const isVictim = i === place && fate !== 'good';
    if (i === place) Object.assign(victim, { kind, at });
    for (let leaf = 0; leaf < count; leaf++) {
      const then = leaf === 0 ? at : at + roll() * 90 * US;
      const isHere = isVictim && leaf === victim.leaf;
      if (!isHere || fate === 'doubled') see(leaf, then, frame);
      if (isHere && fate === 'doubled') see(leaf, then + 120 * US + roll() * 500 * US, frame);
      // Later than any jitter, so that no clock can make it the first of the two.
      if (isHere && fate === 'altered') see(leaf, then + MS, altered(frame, tags.length));
    }
    if (hasData) see(below(count), at + everyMs * MS * 0.3, plainFrame('data-udp', { host, variation: i + 1, tags }));
  }
  for (const [leaf, list] of leaves.entries()) {
    const alive = plainFrame('lldp', { host: 90 + leaf });
    list.unshift({ at: leaf * 30 * MS, frame: alive });
    list.push({ at: at + SECOND + leaf * 30 * MS, frame: alive });
    list.sort((a, b) => a.at - b.at);
  }
  return {
    leaves,
    victim,
    hosts: hosts.map((host) => `02:00:00:00:01:${host.toString(16).padStart(2, '0')}`),
  };
}
