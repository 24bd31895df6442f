import { isVlanTpid } from '../wire/ethernet.js';
import type { VlanTag } from '../wire/frame.js';

const ADDRESSES = 12;

/** The frame as a leaf must see it: what was sent, with its tags replaced by the declared ones. */
export function dueOnWire(sent: Uint8Array, tags: readonly VlanTag[]): Uint8Array {
  let payload = ADDRESSES;
  while (payload + 4 <= sent.length && isVlanTpid(((sent[payload] ?? 0) << 8) | (sent[payload + 1] ?? 0))) payload += 4;
  const due = new Uint8Array(ADDRESSES + tags.length * 4 + sent.length - payload);
  due.set(sent.subarray(0, ADDRESSES));
  const view = new DataView(due.buffer);
  tags.forEach((tag, index) => {
    view.setUint16(ADDRESSES + index * 4, tag.tpid);
    view.setUint16(ADDRESSES + index * 4 + 2, (tag.pcp << 13) | (tag.dei ? 0x1000 : 0) | tag.vid);
  });
  due.set(sent.subarray(payload), ADDRESSES + tags.length * 4);
  return due;
}
