import { linkLocalFromMac, multicastMac, parseIpv6, solicitedNode, solicitedNodeMac } from './address.js';
import { ETHERTYPE, type Addressed } from './ethernet.js';
import { ipv6Packet, PROTOCOL, withUpperChecksum } from './ip.js';
import { variedIpv6, type BuildContext } from './params.js';

export const ND_TYPE = { rs: 133, ra: 134, ns: 135, na: 136, redirect: 137 } as const;
export const ND_OPTION = { sourceLinkLayer: 1, targetLinkLayer: 2, nonce: 14 } as const;

export type NdKind =
  | 'ns-multicast'
  | 'ns-dad'
  | 'ns-dad-nonce'
  | 'ns-unicast'
  | 'na-solicited'
  | 'na-unsolicited'
  | 'rs'
  | 'ra'
  | 'redirect'
  | 'mld-report'
  | 'ns-ext-header'
  | 'ns-fragment'
  | 'nd-malformed';

const UNSPECIFIED = new Uint8Array(16);
const ALL_NODES = parseIpv6('ff02::1');
const ALL_ROUTERS = parseIpv6('ff02::2');
const MLD_ROUTERS = parseIpv6('ff02::16');

/**
 * Every Neighbor Discovery frame (RFC 4861), and the MLD report (version 2, RFC 3810; for an odd variation 1, RFC 2710)
 * that goes with a solicited-node group.
 */
export function buildNd(kind: NdKind, context: BuildContext): Addressed {
  const { sourceMac, claimedMac, sourceIpv6, gatewayMac, gatewayIpv6, variation } = context;
  const asked = variedIpv6(gatewayIpv6, variation);
  const own = variedIpv6(sourceIpv6, variation);
  const linkLocal = linkLocalFromMac(sourceMac);
  const sourceOption = macOption(ND_OPTION.sourceLinkLayer, claimedMac);
  const targetOption = macOption(ND_OPTION.targetLinkLayer, claimedMac);
  const ifSaid = (option: Uint8Array): readonly Uint8Array[] => (context.leavesMacOut ? [] : [option]);
  const packet = (
    destination: Uint8Array,
    mac: Uint8Array,
    source: Uint8Array,
    message: Uint8Array,
    form: PacketForm = {},
  ): Addressed => ({
    destination: mac,
    source: sourceMac,
    etherType: ETHERTYPE.ipv6,
    packet: ndPacket(source, destination, message, context, form),
  });
  const solicit = (form: PacketForm = {}, code = 0): Addressed =>
    packet(
      solicitedNode(asked),
      solicitedNodeMac(asked),
      sourceIpv6,
      icmpv6(ND_TYPE.ns, code, ZERO4, asked, sourceOption),
      form,
    );
  const flags = (context.isRouter ? 0x80 : 0) | (context.overrides ? 0x20 : 0);
  const advertise = (form: PacketForm = {}): Addressed =>
    packet(
      gatewayIpv6,
      gatewayMac,
      sourceIpv6,
      icmpv6(ND_TYPE.na, 0, Uint8Array.of(SOLICITED | flags, 0, 0, 0), own, ...ifSaid(targetOption)),
      form,
    );
  switch (kind) {
    case 'ns-multicast':
      return solicit();
    case 'ns-dad':
      return packet(solicitedNode(own), solicitedNodeMac(own), UNSPECIFIED, icmpv6(ND_TYPE.ns, 0, ZERO4, own));
    case 'ns-dad-nonce':
      return packet(
        solicitedNode(own),
        solicitedNodeMac(own),
        UNSPECIFIED,
        icmpv6(ND_TYPE.ns, 0, ZERO4, own, nonceOption(context)),
      );
    case 'ns-unicast':
      return packet(gatewayIpv6, gatewayMac, sourceIpv6, icmpv6(ND_TYPE.ns, 0, ZERO4, asked, ...ifSaid(sourceOption)));
    case 'na-solicited':
      return advertise();
    case 'na-unsolicited':
      return packet(
        ALL_NODES,
        multicastMac(ALL_NODES),
        sourceIpv6,
        icmpv6(ND_TYPE.na, 0, Uint8Array.of(flags, 0, 0, 0), own, targetOption),
      );
    case 'rs':
      return packet(ALL_ROUTERS, multicastMac(ALL_ROUTERS), linkLocal, icmpv6(ND_TYPE.rs, 0, ZERO4, sourceOption));
    case 'ra':
      // Router lifetime 0 and no prefix: a host that accepts it learns nothing.
      return packet(
        ALL_NODES,
        multicastMac(ALL_NODES),
        linkLocal,
        icmpv6(ND_TYPE.ra, 0, ZERO4, new Uint8Array(8), sourceOption),
      );
    case 'redirect':
      return packet(gatewayIpv6, gatewayMac, linkLocal, icmpv6(ND_TYPE.redirect, 0, ZERO4, asked, asked));
    case 'mld-report': {
      const form: PacketForm = { hopLimit: 1, extension: { type: PROTOCOL.hopByHop, body: [5, 2, 0, 0, 1, 0] } }; // router alert for MLD, RFC 2711
      const group = solicitedNode(own);
      // MLDv1, RFC 2710 3: sent to the group itself.
      if (variation % 2 === 1) return packet(group, multicastMac(group), linkLocal, icmpv6(131, 0, ZERO4, group), form);
      return packet(
        MLD_ROUTERS,
        multicastMac(MLD_ROUTERS),
        linkLocal,
        icmpv6(143, 0, Uint8Array.of(0, 0, 0, 1), Uint8Array.of(4, 0, 0, 0), group),
        form,
      );
    }
    case 'ns-ext-header': {
      const form: PacketForm = {
        extension: {
          type: variation % 2 === 0 ? PROTOCOL.hopByHop : PROTOCOL.destinationOptions,
          body: [1, 4, 0, 0, 0, 0],
        },
      };
      return context.extendsAdvertisement ? advertise(form) : solicit(form);
    }
    case 'ns-fragment':
      // An atomic fragment (RFC 6946): whole, so that no receiver keeps state for it, and still forbidden by RFC 6980.
      return solicit({ extension: { type: PROTOCOL.fragment, body: [0, 0, ...word(variation)] } });
    case 'nd-malformed':
      if (variation % 3 === 0) return solicit({}, 1);
      if (variation % 3 === 1) return solicit({ hopLimit: 254 });
      return packet(
        solicitedNode(asked),
        solicitedNodeMac(asked),
        sourceIpv6,
        icmpv6(ND_TYPE.ns, 0, ZERO4, asked.subarray(0, 8)),
      );
  }
}

interface PacketForm {
  readonly hopLimit?: number;
  /** Six bytes after next header and length, i.e. the header is 8 bytes. */
  readonly extension?: { readonly type: number; readonly body: readonly number[] };
}

/** Flag of a Neighbor Advertisement, RFC 4861 4.4. */
const SOLICITED = 0x40;

const ZERO4 = new Uint8Array(4);

function ndPacket(
  source: Uint8Array,
  destination: Uint8Array,
  message: Uint8Array,
  { trafficClass, flowLabel }: BuildContext,
  form: PacketForm,
): Uint8Array {
  withUpperChecksum(message, 2, source, destination, PROTOCOL.icmpv6);
  const { extension, hopLimit = 255 } = form;
  const fields = { source, destination, hopLimit, trafficClass, flowLabel };
  if (extension === undefined) return ipv6Packet({ ...fields, nextHeader: PROTOCOL.icmpv6, payload: message });
  const payload = Uint8Array.of(PROTOCOL.icmpv6, 0, ...extension.body, ...message);
  return ipv6Packet({ ...fields, nextHeader: extension.type, payload });
}

function icmpv6(type: number, code: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.of(type, code, 0, 0, ...parts.flatMap((part) => [...part]));
}

function macOption(type: number, mac: Uint8Array): Uint8Array {
  return Uint8Array.of(type, 1, ...mac);
}

/** RFC 7527 4.1: six bytes, unlike those of any other probe. */
function nonceOption(context: BuildContext): Uint8Array {
  return Uint8Array.of(ND_OPTION.nonce, 1, ...word(context.id), (context.salt >>> 8) & 0xff, context.salt & 0xff);
}

function word(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}
