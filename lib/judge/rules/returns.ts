import { groupBy } from '../../groupBy.js';
import { FIRST_CONTROL_ID } from '../../wire/control.js';
import { ETHERTYPE } from '../../wire/ethernet.js';
import { KINDS } from '../../wire/kinds.js';
import type { Probe, Tap } from '../../evidence/types.js';
import type { TimeBase } from '../read/clock.js';
import { macOf } from '../read/macs.js';
import type { ProbeIndex } from '../read/probeIndex.js';
import { readTap, type TapContents } from '../read/tapReader.js';
import type { TappedSender } from '../read/tappedSender.js';
import type { Finding } from '../types.js';
import { plural, some } from '../tell/phrasing.js';

export interface SenderWatch {
  readonly contents: TapContents;
  /** Indexes of probes that their own sender received again, or another one more than once. */
  readonly returned: ReadonlySet<number>;
  /** How often each probe of others came in, by its index. */
  readonly heard: ReadonlyMap<number, number>;
  readonly findings: readonly Finding[];
  /** Own frames that came back. */
  readonly count: number;
  readonly unlisted: number;
  /** Something came in that the sender's kernel may answer. */
  readonly wasAsked: boolean;
}

/**
 * P5 at a sender's own NIC: nothing that it sent may come back in, and nothing of a network that it is not in. P1: what it may hear of
 * others comes in once.
 */
export function watchSender(
  tap: Tap,
  chunks: Iterable<Uint8Array>,
  salt: number,
  base: TimeBase,
  index: ProbeIndex,
  probes: readonly Probe[],
  { mac, ipv4, answersTo, vlans }: TappedSender,
): SenderWatch {
  const returned = new Set<number>();
  const strangers = new Map<string, { readonly from: string; readonly vlan: number; readonly probes: number[] }>();
  const byKind = new Map<number, { count: number; probes: Set<number> }>();
  let count = 0;
  let unlisted = 0;
  let wasAsked = false;
  const heard = new Map<number, number>();
  const contents = readTap(tap, chunks, salt, base, ({ token, found, bytes }) => {
    if (tap.direction !== 'in') return;
    const probe = token < 0 ? -1 : index.byToken(token);
    if (token >= 0 && token < FIRST_CONTROL_ID && probe < 0) unlisted++;
    const isOwn =
      (probe >= 0 && probes[probe]?.sender === tap.node) ||
      (mac !== null && macOf(found.sourceHigh, found.sourceLow) === mac);
    if (!isOwn) {
      wasAsked ||=
        (token < 0 && answersTo.has(macOf(found.destinationHigh, found.destinationLow))) ||
        (found.etherType === ETHERTYPE.arp &&
          (token < 0 || isRequest(bytes, found.bodyStart)) &&
          ipv4.has(targetOf(bytes, found.bodyStart)));
      if (probe >= 0) heard.set(probe, (heard.get(probe) ?? 0) + 1);
      const stranger = probes[probe];
      const vlan = stranger?.wireTags[0]?.vid ?? 0;
      if (stranger === undefined || vlans === null || vlans.has(vlan)) return;
      const key = `${stranger.sender} ${vlan}`;
      const leak = strangers.get(key) ?? { from: stranger.sender, vlan, probes: [] };
      strangers.set(key, leak);
      leak.probes.push(stranger.id);
      return;
    }
    count++;
    const group = byKind.get(found.kind) ?? { count: 0, probes: new Set() };
    byKind.set(found.kind, group);
    group.count++;
    if (probe < 0) return;
    returned.add(probe);
    const id = probes[probe]?.id;
    if (id !== undefined) group.probes.add(id);
  });
  const findings = [...byKind]
    .sort(([a], [b]) => a - b)
    .map(([kind, group]): Finding => {
      const id = KINDS[kind]?.id ?? 'data-other';
      return {
        property: 'P5',
        signature: 'returned-to-sender',
        verdict: 'fail',
        kind: id,
        sender: tap.node,
        count: group.count,
        probes: [...group.probes].sort((a, b) => a - b),
        sentence: `${tap.node} received ${group.count} of its own ${plural(id)} again.`,
      };
    });
  for (const { from, vlan, probes: leaked } of strangers.values()) {
    findings.push({
      property: 'P5',
      signature: 'vlan-leak',
      verdict: 'fail',
      sender: from,
      count: leaked.length,
      probes: leaked.sort((a, b) => a - b),
      sentence: `${tap.node} received ${some(leaked.length, 'frame')} from ${from} ${vlan === 0 ? 'of the native network' : `of VLAN ${vlan}`}, which it is not in.`,
    });
  }
  const twice = [...heard].filter(([, times]) => times > 1);
  for (const [probe] of twice) returned.add(probe);
  for (const [from, group] of groupBy(twice, ([probe]) => probes[probe]?.sender ?? '')) {
    const ids = group.flatMap(([probe]) => probes[probe]?.id ?? []).sort((a, b) => a - b);
    findings.push({
      property: 'P1',
      signature: 'duplicate',
      verdict: 'fail',
      sender: from,
      count: group.length,
      probes: ids,
      sentence: `${tap.node} itself received ${some(group.length, 'frame')} from ${from} more than once: what a host may hear of others must come in once.`,
    });
  }
  return { contents, returned, heard, findings, count, unlisted, wasAsked };
}

/** Where an ARP packet has what it is, and the number of a request: of the lab's own packets kernels answer no others (RFC 826). */
const ARP_OPERATION = 6;
const REQUEST = 1;

function isRequest(bytes: Uint8Array, bodyStart: number): boolean {
  return (bytes[bodyStart + ARP_OPERATION] ?? 0) * 256 + (bytes[bodyStart + ARP_OPERATION + 1] ?? 0) === REQUEST;
}

/** Where an ARP packet has the IPv4 address that it asks for (RFC 826). */
const ARP_TARGET = 24;

function targetOf(bytes: Uint8Array, bodyStart: number): number {
  return [0, 1, 2, 3].reduce((address, i) => address * 256 + (bytes[bodyStart + ARP_TARGET + i] ?? 0), 0);
}
