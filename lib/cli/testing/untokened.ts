import { ETHERTYPE, MINIMUM_FRAME } from '../../wire/ethernet.js';
import { isTokenInside } from '../../wire/build.js';
import type { KindId } from '../../wire/kinds.js';
import { ARP_BYTES } from '../../wire/arp.js';
import { TOKEN_BYTES } from '../../wire/token.js';

const IPV6_HEADER = 40;

/** Bytes in front of the packet: MAC addresses, tags, type. */
function headerOf(frame: Uint8Array): { readonly etherType: number; readonly start: number } {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  let start = 12;
  while (view.getUint16(start) === ETHERTYPE.vlan || view.getUint16(start) === ETHERTYPE.qinq) start += 4;
  return { etherType: view.getUint16(start), start: start + 2 };
}

/**
 * The frame as a stack would have sent it: without the lab's token, by which a judge could know it again. Trailers
 * become padding; in data the two halves of the token's magic are swapped, which no checksum notices.
 */
export function untokened(kind: KindId, frame: Uint8Array): Uint8Array {
  if (isTokenInside(kind)) {
    const out = Uint8Array.from(frame);
    const at = out.length - TOKEN_BYTES;
    out.set([frame[at + 2] ?? 0, frame[at + 3] ?? 0, frame[at] ?? 0, frame[at + 1] ?? 0], at);
    return out;
  }
  const { etherType, start } = headerOf(frame);
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const packet = etherType === ETHERTYPE.ipv6 ? IPV6_HEADER + view.getUint16(start + 4) : ARP_BYTES;
  const out = new Uint8Array(Math.max(MINIMUM_FRAME, start + packet));
  out.set(frame.subarray(0, start + packet));
  return out;
}
