import { u16, u32, u8 } from './bytes.js';

/** The version that is spoken here, 1.4: the first with bundles, which change flows and groups at once or not at all. */
export const VERSION = 0x05;

/** Types of messages. Source: OpenFlow 1.4.1, 7.1.1. */
export const TYPE = {
  hello: 0,
  error: 1,
  echoRequest: 2,
  echoReply: 3,
  featuresRequest: 5,
  featuresReply: 6,
  flowMod: 14,
  groupMod: 15,
  barrierRequest: 20,
  barrierReply: 21,
  bundleControl: 33,
  bundleAdd: 34,
} as const;

const HEADER_BYTES = 8;

/** A message as it came. */
export interface Message {
  readonly version: number;
  readonly type: number;
  /** An answer has that of its question. */
  readonly xid: number;
  /** What follows the header. */
  readonly body: Buffer;
}

/** A message with its header. Source: OpenFlow 1.4.1, 7.1.1. */
export function message(type: number, xid: number, body: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([u8(VERSION), u8(type), u16(HEADER_BYTES + body.length), u32(xid), body]);
}

/**
 * Cuts a stream into messages, however it comes in pieces.
 * @returns takes the next piece and gives the messages that are complete with it. Throws RangeError where a length is
 * impossible: nothing after it can be read.
 */
export function messageReader(): (piece: Buffer) => readonly Message[] {
  let kept = Buffer.alloc(0);
  return (piece) => {
    kept = Buffer.concat([kept, piece]);
    const found: Message[] = [];
    while (kept.length >= HEADER_BYTES) {
      const length = kept.readUInt16BE(2);
      if (length < HEADER_BYTES) throw new RangeError(`a message of OpenFlow says that it has ${length} bytes`);
      if (kept.length < length) break;
      found.push({
        version: kept.readUInt8(0),
        type: kept.readUInt8(1),
        xid: kept.readUInt32BE(4),
        body: Buffer.from(kept.subarray(HEADER_BYTES, length)),
      });
      kept = kept.subarray(length);
    }
    return found;
  };
}

/** Says that this side speaks one version only. Source: OpenFlow 1.4.1, 7.5.1. */
export function hello(xid: number): Buffer {
  const [bitmapElement, bytes] = [1, 8];
  return message(TYPE.hello, xid, Buffer.concat([u16(bitmapElement), u16(bytes), u32(1 << VERSION)]));
}
