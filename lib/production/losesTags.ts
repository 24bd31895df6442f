import { statSync } from 'node:fs';
import { LINK_TYPE } from '../pcap/linkType.js';
import { createCaptureParser } from '../pcap/parser.js';
import { isVlanTpid } from '../wire/ethernet.js';
import { headOf } from './head.js';

/**
 * Whether a capture is of a format in which VLAN tags are lost (SLL2, as libpcap 1.10 writes it), judged by its first
 * frames: where one has a tag, they are not. False for what cannot be looked at beforehand: standard input, pipes,
 * zstd.
 */
export function losesTags(file: string): boolean {
  if (file === '-' || !statSync(file).isFile()) return false;
  const head = headOf(file);
  if (isOfAnotherLink(head)) return false;
  const seen = { cooked: 0, tags: 0 };
  const parser = createCaptureParser({
    frame(bytes, start, captured, _original, _seconds, _nanos, linkType) {
      if (linkType !== LINK_TYPE.linuxSll2) return;
      seen.cooked++;
      // The first field of the header is the EtherType.
      if (captured >= 2 && isVlanTpid(((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0))) seen.tags++;
    },
  });
  parser.push(head);
  return seen.cooked > 0 && seen.tags === 0;
}

/** Whether the header of a pcap file says that none of its frames is of that format: most captures are such. */
function isOfAnotherLink(head: Uint8Array): boolean {
  const parser = createCaptureParser({ frame: () => undefined });
  parser.push(head.subarray(0, PCAP_HEADER));
  const { format, interfaces } = parser.end();
  return (
    format === 'pcap' && interfaces.length > 0 && interfaces.every((each) => each.linkType !== LINK_TYPE.linuxSll2)
  );
}

const PCAP_HEADER = 24;
