import { dice } from '../../dice.js';
import { pcapHeader, pcapRecord } from '../../pcap/write.js';
import type { VlanTag } from '../../wire/frame.js';
import type { KindId } from '../../wire/kinds.js';
import type { Judgement } from '../types.js';
import { MS, plainFrame, SECOND, US } from './captures.js';

/** One frame of a capture. */
export interface Captured {
  /** ns after the common start. */
  readonly at: number;
  readonly frame: Uint8Array;
}

/** What a replicator does to one neighbor frame on its way to leaf-b: nothing, or one of three failures. */
export type Fate = 'good' | 'lost' | 'doubled' | 'altered';
export const FATES: readonly Fate[] = ['good', 'lost', 'doubled', 'altered'];

const NEIGHBORS: readonly KindId[] = ['arp-request-broadcast', 'arp-reply-unicast', 'ns-multicast', 'na-solicited'];

export interface SituationOptions {
  readonly fate?: Fate;
  readonly seed?: number;
  /** Neighbor frames; half as many of data. */
  readonly frames?: number;
  readonly tags?: readonly VlanTag[];
}

/**
 * What two leaves receive from two hosts: neighbor frames on both, data on one each, and each leaf's own LLDP frame at
 * both ends. The one faulty frame is in the middle.
 */
export function situation({
  fate = 'good',
  seed = 1,
  frames = 40,
  tags = [],
}: SituationOptions = {}): readonly Captured[][] {
  const random = dice(seed);
  const leaves: Captured[][] = [[], []];
  const see = (leaf: number, at: number, frame: Uint8Array): void =>
    void leaves[leaf]?.push({ at: Math.round(at), frame });
  const victim = Math.floor(frames / 2);
  let at = SECOND;
  for (let i = 0; i < frames; i++) {
    at += (40 + random() * 160) * MS;
    const host = 10 + (i % 2);
    const frame = plainFrame(NEIGHBORS[i % NEIGHBORS.length] ?? 'ns-multicast', { host, variation: i + 1, tags });
    see(0, at, frame);
    const later = at + random() * 60 * US;
    if (i !== victim || fate === 'good' || fate === 'doubled') see(1, later, frame);
    if (i === victim && fate === 'doubled') see(1, later + 300 * US, frame);
    // Later than any jitter, so that no clock can make it the first of the two.
    if (i === victim && fate === 'altered') see(1, later + MS, altered(frame, tags.length));
    if (i % 2 === 0) see(i % 4 === 0 ? 0 : 1, at + 20 * MS, plainFrame('data-udp', { host, variation: i + 1, tags }));
  }
  for (const [leaf, list] of leaves.entries()) {
    const alive = plainFrame('lldp', { host: 90 + leaf });
    list.unshift({ at: leaf * 30 * MS, frame: alive });
    list.push({ at: at + SECOND + leaf * 30 * MS, frame: alive });
  }
  return leaves;
}

/** The destination address of a copy is changed: by content it is still the same frame. */
export function altered(frame: Uint8Array, tags: number): Uint8Array {
  const copy = Uint8Array.from(frame);
  // The sender's own MAC inside the message: ARP's sender hardware address, and the last byte of its link-layer option.
  const at = 14 + 4 * tags + (copy[12 + 4 * tags] === 8 ? 13 : 71);
  copy[at] = (copy[at] ?? 0) ^ 0x40;
  return copy;
}

const START_SECONDS = 1_760_000_000;

/** A pcap file of frames; `aheadNs` is how far its clock is ahead. */
export function pcapOf(frames: readonly Captured[], linkType = 1, aheadNs = 0): Uint8Array {
  return Buffer.concat([
    pcapHeader(linkType),
    ...frames.map(({ at, frame }) => {
      const ns = at + aheadNs;
      const seconds = Math.floor(ns / SECOND);
      return pcapRecord({ seconds: START_SECONDS + seconds, nanos: Math.round(ns - seconds * SECOND), frame });
    }),
  ]);
}

/** The failures in a judgement, by leaf: `leaf-b missing 1`. */
export function failuresOf({ byLeaf }: Judgement): readonly string[] {
  return Object.entries(byLeaf).flatMap(([leaf, { missing, duplicate, altered: changed }]) =>
    Object.entries({ missing, duplicate, altered: changed }).flatMap(([what, count]) =>
      count === 0 ? [] : [`${leaf} ${what} ${count}`],
    ),
  );
}

/** The finding that each fate must lead to. */
export const SAID: Readonly<Record<Fate, { readonly verdict: string; readonly failures: readonly string[] }>> = {
  good: { verdict: 'pass', failures: [] },
  lost: { verdict: 'fail', failures: ['leaf-b missing 1'] },
  doubled: { verdict: 'fail', failures: ['leaf-b duplicate 1'] },
  altered: { verdict: 'fail', failures: ['leaf-b altered 1'] },
};

/** The hosts of a situation. */
export const SITUATION_HOSTS: readonly string[] = ['02:00:00:00:01:0a', '02:00:00:00:01:0b'];
