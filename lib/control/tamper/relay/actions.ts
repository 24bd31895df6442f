import { ETHERTYPE } from '../../../wire/ethernet.js';

/** A frame that a relay sends, and the delay after the frame that it is made from, ms. */
export interface Relayed {
  readonly frame: Uint8Array;
  readonly afterMs: number;
}

/** What a relay makes of a frame. */
export type Action = (frame: Uint8Array) => readonly Relayed[];

/** Bytes of both MACs, and of a tag. */
const MACS = 12;
const TAG = 4;
/** A frame without its checksum is at least this long (IEEE 802.3, 3.2.8). */
const SHORTEST = 60;

/** ARP over Ethernet (RFC 826): where the packet has its operation and the sender's addresses, and how long it is. */
const OPERATION = 6;
const SENDER_MAC = 8;
const SENDER_IP = 14;
const TARGET_MAC = 18;
const TARGET_IP = 24;
const ARP_BYTES = 28;
const REPLY = 2;

/** No interface of a lab has it. */
const STRANGER = [0x02, 0x00, 0x00, 0x5e, 0xee, 0x03];
/**
 * Set in the last byte of an invented address; addresses of a topology end in small numbers, so it differs from the
 * sender's.
 */
const FOREIGN = 0x40;

/** The subtype of LACP among the slow protocols, and where a LACPDU names its actor's system (IEEE 802.1AX 6.4.2.3). */
const LACP = 1;
const ACTOR_SYSTEM = 6;
/** A system that no topology names. */
const OTHER_SYSTEM = [0x02, 0x00, 0x00, 0xff, 0xff, 0xfc];

const typeAt = (frame: Uint8Array, at: number): number => ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
const tagBytes = (frame: Uint8Array): number => (typeAt(frame, MACS) === ETHERTYPE.vlan ? TAG : 0);

/** The same frame, later. */
export const hold =
  (afterMs: number): Action =>
  (frame) => [{ frame, afterMs }];

/** The frame without its outer tag; an untagged frame unchanged. */
export const untag: Action = (frame) => {
  const tag = tagBytes(frame);
  const bare = new Uint8Array(frame.length - tag);
  bare.set(frame.subarray(0, MACS));
  bare.set(frame.subarray(MACS + tag), MACS);
  return [{ frame: bare, afterMs: 0 }];
};

/** The frame without the tag behind its outer one; a frame with one tag or none unchanged. */
export const untagInner: Action = (frame) => {
  const inner = MACS + TAG;
  if (tagBytes(frame) === 0 && typeAt(frame, MACS) !== ETHERTYPE.qinq) return [{ frame, afterMs: 0 }];
  if (typeAt(frame, inner) !== ETHERTYPE.vlan) return [{ frame, afterMs: 0 }];
  const bare = new Uint8Array(frame.length - TAG);
  bare.set(frame.subarray(0, inner));
  bare.set(frame.subarray(inner + TAG), inner);
  return [{ frame: bare, afterMs: 0 }];
};

/**
 * A gratuitous ARP reply that nobody sent, made from the MACs, the tag and the address of an ARP frame; nothing for
 * other frames.
 */
function announce(frame: Uint8Array, as: (mac: Uint8Array, ip: Uint8Array) => void): readonly Relayed[] {
  const tag = tagBytes(frame);
  const packet = MACS + tag + 2;
  if (typeAt(frame, MACS + tag) !== ETHERTYPE.arp || frame.length < packet + ARP_BYTES) return [];
  const ip = frame.slice(packet + SENDER_IP, packet + SENDER_IP + 4);
  // A sender that probes for an address has none yet (RFC 5227 2.1.1).
  if (ip.every((byte) => byte === 0)) return [];
  const mac = frame.slice(6, MACS);
  as(mac, ip);
  const made = new Uint8Array(Math.max(SHORTEST, packet + ARP_BYTES));
  made.set(frame.subarray(0, packet + OPERATION));
  made.fill(0xff, 0, 6);
  made.set(mac, 6);
  made.set([0, REPLY], packet + OPERATION);
  for (const at of [SENDER_MAC, TARGET_MAC]) made.set(mac, packet + at);
  for (const at of [SENDER_IP, TARGET_IP]) made.set(ip, packet + at);
  return [{ frame: made, afterMs: 0 }];
}

/** For each ARP frame, an announcement in the name of its sender, with an address that is not the sender's. */
export const announceForeign: Action = (frame) =>
  announce(frame, (_mac, ip) => {
    ip[3] = (ip[3] ?? 0) ^ FOREIGN;
  });

/** For each ARP frame, an announcement of its address with a MAC that nothing has. */
export const announceStranger: Action = (frame) => announce(frame, (mac) => mac.set(STRANGER));

/** For each LACPDU, one of another system; other frames unchanged. */
export const nameOtherSystem: Action = (frame) => {
  if (typeAt(frame, MACS) !== ETHERTYPE.slow || frame[MACS + 2] !== LACP) return [{ frame, afterMs: 0 }];
  const made = new Uint8Array(frame);
  made.set(OTHER_SYSTEM, MACS + 2 + ACTOR_SYSTEM);
  return [{ frame: made, afterMs: 0 }];
};

/** What a relay can be told to do, by name and with a time in ms. */
export const ACTIONS: Readonly<Record<string, (ms: number) => Action>> = {
  hold,
  untag: () => untag,
  'untag-inner': () => untagInner,
  'announce-foreign': () => announceForeign,
  'announce-stranger': () => announceStranger,
  'name-other-system': () => nameOtherSystem,
  /** Unchanged; a relay with this action sends only while its port has no carrier. */
  'while-dark': () => hold(0),
};
