import { buildFrame } from '../wire/build.js';
import type { FrameBytes, VlanTag } from '../wire/frame.js';

/** Nobody may have them: RFC 3927 2.1 keeps these back, and RFC 6666 is for traffic that is discarded. */
const NOBODY_IPV4 = '169.254.255.254';
const NOBODY_IPV6 = '100::1';
const NOBODY_MAC = '0a:00:00:00:00:00';

/**
 * A canary or fence for a place that shows ARP and Neighbor Discovery alone: an ARP probe and a Neighbor Solicitation for
 * DAD, with one token. Either of them proves it, so that what loses one family is not taken for a dead capture. Neither
 * says that anybody has an address (RFC 5227 2.1.1, RFC 4862 5.4.2), and no stack answers.
 */
export function neighborControl(params: {
  readonly source: string;
  /** Outermost first. */
  readonly tags: readonly VlanTag[];
  readonly salt: number;
  readonly id: number;
}): readonly FrameBytes[] {
  const { source, tags, salt, id } = params;
  return (['arp-probe', 'ns-dad'] as const).map((kind) =>
    buildFrame(kind, {
      sourceMac: source,
      sourceIpv4: NOBODY_IPV4,
      sourceIpv6: NOBODY_IPV6,
      gatewayMac: NOBODY_MAC,
      gatewayIpv4: NOBODY_IPV4,
      gatewayIpv6: NOBODY_IPV6,
      variation: 0,
      tags,
      salt,
      id,
    }),
  );
}
