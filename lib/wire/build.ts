import { buildArp } from './arp.js';
import { buildData } from './data.js';
import { ETHERNET_HEADER, ethernetFrame, frameWithTrailerToken, withTags, type Addressed } from './ethernet.js';
import type { KindId } from './kinds.js';
import { buildLinkLocal } from './linkLocal.js';
import { buildNd } from './nd.js';
import { buildNearMiss } from './nearMiss.js';
import { PROTOCOLS } from './protocols.js';
import { WireError } from './error.js';
import { buildContext, type BuildContext, type BuildParams } from './params.js';

/**
 * One frame of the catalogue, at least 60 bytes, with correct lengths and checksums, the MACs that its standard
 * demands, and a token at its end. Same params, same bytes. Throws WireError when an address, tag or size cannot be.
 */
export function buildFrame(kind: KindId, params: BuildParams): Uint8Array {
  const context = buildContext(params);
  const frame = isTokenInside(kind)
    ? ethernetFrame(
        params.protocol === undefined ? addressed(kind, context) : ofProtocol(params.protocol, kind, context),
      )
    : withTrailer(addressed(kind, context), context);
  return withTags(frame, params.tags ?? []);
}

/** For these kinds the token is the end of the packet; for all others it is in the Ethernet trailer. */
export function isTokenInside(kind: KindId): boolean {
  return (
    kind.startsWith('data-') ||
    kind === 'near-miss-udp-arp' ||
    kind === 'near-miss-tcp6-135' ||
    kind === 'near-miss-icmp4-135'
  );
}

function ofProtocol(name: string, kind: KindId, context: BuildContext): Addressed {
  const protocol = PROTOCOLS.find((one) => one.name === name && one.kind === kind);
  if (protocol === undefined) throw new WireError(`there is no protocol "${name}" of kind ${kind}`);
  return protocol.build(context);
}

function withTrailer(parts: Addressed, context: BuildContext): Uint8Array {
  return frameWithTrailerToken(parts, context.salt, context.id, ETHERNET_HEADER + context.payloadBytes);
}

function addressed(kind: KindId, context: BuildContext): Addressed {
  switch (kind) {
    case 'arp-request-broadcast':
    case 'arp-request-unicast':
    case 'arp-reply-unicast':
    case 'garp-request':
    case 'garp-reply':
    case 'arp-probe':
    case 'arp-announcement':
    case 'arp-other':
    case 'rarp':
      return buildArp(kind, context);
    case 'ns-multicast':
    case 'ns-dad':
    case 'ns-dad-nonce':
    case 'ns-unicast':
    case 'na-solicited':
    case 'na-unsolicited':
    case 'rs':
    case 'ra':
    case 'redirect':
    case 'mld-report':
    case 'ns-ext-header':
    case 'ns-fragment':
    case 'nd-malformed':
      return buildNd(kind, context);
    case 'data-tcp':
    case 'data-udp':
    case 'data-echo':
    case 'data-echo6':
    case 'data-dhcp':
    case 'data-mdns':
    case 'data-other':
      return buildData(kind, context);
    case 'near-miss-udp-arp':
    case 'near-miss-tcp6-135':
    case 'near-miss-icmp4-135':
    case 'near-miss-ethertype-0805':
    case 'near-miss-ethertype-0807':
      return buildNearMiss(kind, context);
    case 'lacpdu':
    case 'lldp':
    case 'canary':
      return buildLinkLocal(kind, context);
  }
}
