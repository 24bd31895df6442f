import type { Tap } from '../../evidence/types.js';
import { ownReturns } from '../../dataplane/traits.js';
import { FIRST_CONTROL_ID } from '../../wire/control.js';
import { ETHERTYPE } from '../../wire/ethernet.js';
import type { LabRecord } from './labRecord.js';
import { macOf } from './macs.js';
import { tappedSender } from './tappedSender.js';
import { readTap, type TapContents } from './tapReader.js';

/** Own frames of one kind that came back. */
export interface OwnAgain {
  count: number;
  /** Ids of the probes among them. */
  readonly probes: Set<number>;
}

/** Probes of another sender in a network that this one is not in. */
export interface Leak {
  readonly from: string;
  /** 0 = the native network. */
  readonly vlan: number;
  /** One id for each frame. */
  readonly probes: number[];
}

/** What the capture at a sender's NIC holds. */
export interface SenderWatch {
  readonly contents: TapContents;
  /** By index in KINDS. */
  readonly ownAgain: ReadonlyMap<number, OwnAgain>;
  /** Indexes of its own probes that came back. */
  readonly returned: ReadonlySet<number>;
  /** How often each probe of others came in, by its index. */
  readonly heard: ReadonlyMap<number, number>;
  readonly leaks: readonly Leak[];
  readonly unlisted: number;
  /** Something came in that the sender's kernel may answer. */
  readonly wasAsked: boolean;
}

export function watchSender(
  tap: Tap,
  chunks: Iterable<Uint8Array>,
  { manifest, base, index, probes }: LabRecord,
): SenderWatch {
  const { mac, ipv4, answersTo, vlans } = tappedSender(manifest.topology, tap.node);
  const ownAgain = new Map<number, OwnAgain>();
  const returned = new Set<number>();
  const heard = new Map<number, number>();
  const leaks = new Map<string, Leak>();
  let unlisted = 0;
  let wasAsked = false;
  const returns = ownReturns(manifest.plane, manifest.topology.legs.length);
  const returnedBefore = new Map<number, number>();
  /** The host itself may give a frame back so often; what is no probe cannot be told from the next one. */
  const mayReturn = (at: number): boolean => {
    if (returns === 0 || at < 0) return returns > 0;
    const times = (returnedBefore.get(at) ?? 0) + 1;
    returnedBefore.set(at, times);
    return times <= returns;
  };
  const contents = readTap(
    tap,
    chunks,
    manifest.salt,
    base,
    ({ token, found, bytes }) => {
      if (tap.direction !== 'in') return;
      const at = token < 0 ? -1 : index.byToken(token);
      const probe = probes[at];
      if (token >= 0 && token < FIRST_CONTROL_ID && at < 0) unlisted++;
      const isOwn = probe?.sender === tap.node || (mac !== null && macOf(found.sourceHigh, found.sourceLow) === mac);
      if (isOwn) {
        if (isGroup(found.destinationHigh) && mayReturn(at)) return;
        const group = ownAgain.get(found.kind) ?? { count: 0, probes: new Set() };
        ownAgain.set(found.kind, group);
        group.count++;
        if (probe === undefined) return;
        returned.add(at);
        group.probes.add(probe.id);
        return;
      }
      wasAsked ||=
        (token < 0 && answersTo.has(macOf(found.destinationHigh, found.destinationLow))) ||
        (found.etherType === ETHERTYPE.arp &&
          (token < 0 || isRequest(bytes, found.bodyStart)) &&
          ipv4.has(targetOf(bytes, found.bodyStart)));
      if (probe === undefined) return;
      heard.set(at, (heard.get(at) ?? 0) + 1);
      const vlan = probe.wireTags[0]?.vid ?? 0;
      if (vlans === null || vlans.has(vlan)) return;
      const key = `${probe.sender} ${vlan}`;
      const leak = leaks.get(key) ?? { from: probe.sender, vlan, probes: [] };
      leaks.set(key, leak);
      leak.probes.push(probe.id);
    },
    tap.direction === 'out' && mac !== null ? new Set([mac]) : undefined,
  );
  return { contents, ownAgain, returned, heard, leaks: [...leaks.values()], unlisted, wasAsked };
}

/** @param high the first two octets of a MAC: the group bit is in the first (IEEE 802 8.2) */
const isGroup = (high: number): boolean => (high & 0x0100) !== 0;

/**
 * Offset of the ARP opcode, and the opcode of a request: kernels answer no other packets of the lab (RFC 826).
 */
const ARP_OPERATION = 6;
const REQUEST = 1;

function isRequest(bytes: Uint8Array, bodyStart: number): boolean {
  return (bytes[bodyStart + ARP_OPERATION] ?? 0) * 256 + (bytes[bodyStart + ARP_OPERATION + 1] ?? 0) === REQUEST;
}

/** Offset of the target IPv4 address in ARP (RFC 826). */
const ARP_TARGET = 24;

function targetOf(bytes: Uint8Array, bodyStart: number): number {
  return [0, 1, 2, 3].reduce((address, i) => address * 256 + (bytes[bodyStart + ARP_TARGET + i] ?? 0), 0);
}
