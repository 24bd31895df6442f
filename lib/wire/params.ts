import { parseIpv4, parseIpv6, parseMac } from './address.js';
import { WireError } from './error.js';
import type { VlanTag } from './frame.js';

/** What a frame of the catalogue is made of. Addresses are text, as in a topology. */
export interface BuildParams {
  readonly sourceMac: string;
  readonly sourceIpv4: string;
  readonly sourceIpv6: string;
  readonly gatewayMac: string;
  readonly gatewayIpv4: string;
  readonly gatewayIpv6: string;
  /** Where data goes, through the gateway's MAC. Defaults to documentation addresses that nothing answers for. */
  readonly remoteIpv4?: string;
  readonly remoteIpv6?: string;
  /**
   * Makes content unique within a kind and a sender, 0..2^32-1: the asked address of ARP, the target of ND, the flow of
   * data. 0 is the plain form (asks for the gateway, carries the sender's own address), which real stacks answer; no
   * stack answers the others.
   */
  readonly variation: number;
  /** Outermost first. */
  readonly tags?: readonly VlanTag[];
  readonly salt: number;
  readonly id: number;
  /**
   * Stretches what follows the EtherType to this many bytes (e.g. 1500 = the MTU): data inside its packet, ARP and ND
   * in the trailer.
   */
  readonly payloadBytes?: number;
  /**
   * The MAC inside ARP and ND: ARP's sender hardware address, ND's link-layer options. Defaults to the frame's source.
   */
  readonly claimedMac?: string;
  /** Flags of a Neighbor Advertisement (RFC 4861 4.4): Router, not set without it, and Override, set without it. */
  readonly isRouter?: boolean;
  readonly overrides?: boolean;
  /**
   * Neighbor Discovery without the option with the MAC, where it may be left out: in unicast, whose receiver has it
   * (RFC 4861 4.3, 4.4).
   */
  readonly leavesMacOut?: boolean;
  /** Traffic class, 0..255, and flow label, 0..2^20-1, of Neighbor Discovery (RFC 8200 3); 0 without them. */
  readonly trafficClass?: number;
  readonly flowLabel?: number;
  /** A solicited Neighbor Advertisement follows the extension header, not a Solicitation. */
  readonly extendsAdvertisement?: boolean;
  /** A frame of this protocol of protocols.ts, which is of that kind, not the usual one. */
  readonly protocol?: string;
}

/** BuildParams with addresses as bytes. */
export interface BuildContext {
  readonly sourceMac: Uint8Array;
  readonly sourceIpv4: Uint8Array;
  readonly sourceIpv6: Uint8Array;
  readonly gatewayMac: Uint8Array;
  readonly gatewayIpv4: Uint8Array;
  readonly gatewayIpv6: Uint8Array;
  readonly remoteIpv4: Uint8Array;
  readonly remoteIpv6: Uint8Array;
  readonly variation: number;
  readonly salt: number;
  readonly id: number;
  readonly payloadBytes: number;
  readonly claimedMac: Uint8Array;
  readonly isRouter: boolean;
  readonly overrides: boolean;
  readonly extendsAdvertisement: boolean;
  readonly leavesMacOut: boolean;
  readonly trafficClass: number;
  readonly flowLabel: number;
}

/** More addresses than a run has; then all are read again. */
const MOST_READ = 4096;

/**
 * `parse`, which reads each text once: who sends many frames has few addresses, and reading them took most of the time
 * of a frame. What it returns is shared; nobody writes to it.
 */
function readOnce(parse: (text: string) => Uint8Array): (text: string) => Uint8Array {
  const read = new Map<string, Uint8Array>();
  return (text) => {
    const known = read.get(text);
    if (known !== undefined) return known;
    const bytes = parse(text);
    if (read.size >= MOST_READ) read.clear();
    read.set(text, bytes);
    return bytes;
  };
}

const mac = readOnce(parseMac);
const ipv4 = readOnce(parseIpv4);
const ipv6 = readOnce(parseIpv6);

/** Throws WireError on an invalid address, variation or size. */
export function buildContext(params: BuildParams): BuildContext {
  const { variation, salt, id, payloadBytes = 0 } = params;
  if (!Number.isInteger(variation) || variation < 0 || variation > 0xffffffff)
    throw new WireError(`variation ${variation} is not 0..2^32-1`);
  if (!Number.isInteger(payloadBytes) || payloadBytes < 0 || payloadBytes > 65_000)
    throw new WireError(`payload of ${payloadBytes} bytes is not 0..65000`);
  return {
    sourceMac: mac(params.sourceMac),
    sourceIpv4: ipv4(params.sourceIpv4),
    sourceIpv6: ipv6(params.sourceIpv6),
    gatewayMac: mac(params.gatewayMac),
    gatewayIpv4: ipv4(params.gatewayIpv4),
    gatewayIpv6: ipv6(params.gatewayIpv6),
    remoteIpv4: ipv4(params.remoteIpv4 ?? '203.0.113.9'),
    remoteIpv6: ipv6(params.remoteIpv6 ?? '2001:db8:ffff::9'),
    variation,
    salt,
    id,
    payloadBytes,
    claimedMac: mac(params.claimedMac ?? params.sourceMac),
    isRouter: params.isRouter ?? false,
    overrides: params.overrides ?? true,
    extendsAdvertisement: params.extendsAdvertisement ?? false,
    leavesMacOut: params.leavesMacOut ?? false,
    trafficClass: params.trafficClass ?? 0,
    flowLabel: params.flowLabel ?? 0,
  };
}

/** `address`, or for a variation above 0 one in the upper half of its /24. */
export function variedIpv4(address: Uint8Array, variation: number): Uint8Array {
  const out = Uint8Array.from(address);
  if (variation !== 0) out[3] = 128 + (variation % 127);
  return out;
}

/**
 * `address`, or for a variation above 0 one whose interface identifier is marked and has the variation in its last 32
 * bits.
 */
export function variedIpv6(address: Uint8Array, variation: number): Uint8Array {
  const out = Uint8Array.from(address);
  if (variation === 0) return out;
  out[10] = (out[10] ?? 0) ^ 0x5e;
  for (let i = 0; i < 4; i++) out[12 + i] = (out[12 + i] ?? 0) ^ ((variation >>> (24 - 8 * i)) & 0xff);
  return out;
}
