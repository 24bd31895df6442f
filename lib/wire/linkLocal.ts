import { ascii } from './bytes.js';
import { ETHERTYPE, type Addressed } from './ethernet.js';
import type { BuildContext } from './params.js';

export type LinkLocalKind = 'lacpdu' | 'lldp' | 'canary';

/** Link-local frames of a port, which no bridge forwards, and the lab's own control frame. */
export function buildLinkLocal(kind: LinkLocalKind, context: BuildContext): Addressed {
  const source = context.sourceMac;
  switch (kind) {
    case 'lacpdu':
      return {
        destination: Uint8Array.of(0x01, 0x80, 0xc2, 0, 0, 0x02),
        source,
        etherType: ETHERTYPE.slow,
        packet: lacpdu(context),
      };
    case 'lldp':
      return {
        destination: Uint8Array.of(0x01, 0x80, 0xc2, 0, 0, 0x0e),
        source,
        etherType: ETHERTYPE.lldp,
        packet: lldpdu(context),
      };
    case 'canary':
      return { destination: context.gatewayMac, source, etherType: ETHERTYPE.control, packet: new Uint8Array(0) };
  }
}

/** IEEE 802.1AX 6.4.2.3: actor active, aggregatable, short timeout, with no partner known. */
function lacpdu(context: BuildContext): Uint8Array {
  const pdu = new Uint8Array(110);
  const port = 1 + (context.variation & 0xff);
  pdu.set([1, 1, 1, 20, 0xff, 0xff, ...context.sourceMac, 0, 1, 0, 0xff, 0, port, 0x47, 0, 0, 0], 0);
  pdu.set([2, 20], 22);
  pdu.set([3, 16], 42);
  return pdu;
}

/** IEEE 802.1AB 8: chassis by MAC, port by name, 120 s, end. */
function lldpdu(context: BuildContext): Uint8Array {
  const port = ascii(`probe-${context.variation}`);
  return Uint8Array.of(0x02, 7, 4, ...context.sourceMac, 0x04, port.length + 1, 7, ...port, 0x06, 2, 0, 120, 0, 0);
}
