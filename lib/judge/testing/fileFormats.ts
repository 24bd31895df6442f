import { LINK_TYPE } from '../../pcap/linkType.js';
import { SECOND } from './captures.js';
import type { Captured } from './situation.js';

/** How a capture is written; what is not said is as `tcpdump -w` on a small-endian machine does. */
export interface FileFormat {
  readonly type: 'pcap' | 'pcapng';
  readonly isBigEndian?: boolean;
  /**
   * What stamps count; microseconds unless said otherwise. pcap knows nanoseconds beside them.
   */
  readonly resolution?: Resolution;
  /** Seconds that pcapng adds to every stamp (`if_tsoffset`). */
  readonly offsetSeconds?: number;
  /** Interfaces of pcapng in front of the one that captured. */
  readonly before?: readonly Resolution[];
  /** Bytes of a frame that are kept. */
  readonly snapLength?: number;
  readonly linkType?: number;
}

/** `if_tsresol`: digits behind the decimal point, or bits behind the binary one. */
export type Resolution = { readonly digits: number } | { readonly bits: number };

const START_SECONDS = 1_760_000_000;

/** A file of frames; `aheadNs` is how far its clock is ahead. Stamps are cut off at the resolution, as by a clock. */
export function fileOf(frames: readonly Captured[], format: FileFormat, aheadNs = 0): Uint8Array {
  return format.type === 'pcap' ? pcapFile(frames, format, aheadNs) : pcapngFile(frames, format, aheadNs);
}

function pcapFile(frames: readonly Captured[], format: FileFormat, aheadNs: number): Uint8Array {
  const { isBigEndian = false, resolution = MICRO, snapLength = 0x40000, linkType = LINK_TYPE.ethernet } = format;
  const isNano = 'digits' in resolution && resolution.digits === 9;
  const header = new DataView(new ArrayBuffer(24));
  header.setUint32(0, isNano ? 0xa1b23c4d : 0xa1b2c3d4, !isBigEndian);
  header.setUint16(4, 2, !isBigEndian);
  header.setUint16(6, 4, !isBigEndian);
  header.setUint32(16, snapLength, !isBigEndian);
  header.setUint32(20, linkType, !isBigEndian);
  return joined([
    bytesOf(header),
    ...frames.flatMap(({ at, frame }) => {
      const { seconds, nanos } = stamp(at + aheadNs);
      const kept = frame.subarray(0, snapLength);
      const record = new DataView(new ArrayBuffer(16));
      [seconds, isNano ? nanos : Math.floor(nanos / 1_000), kept.length, frame.length].forEach((word, i) => {
        record.setUint32(4 * i, word, !isBigEndian);
      });
      return [bytesOf(record), kept];
    }),
  ]);
}

const MICRO: Resolution = { digits: 6 };

function pcapngFile(frames: readonly Captured[], format: FileFormat, aheadNs: number): Uint8Array {
  const { isBigEndian = false, resolution = MICRO, offsetSeconds = 0, before = [], snapLength = 0x40000 } = format;
  const { linkType = LINK_TYPE.ethernet } = format;
  const write = (type: number, words: readonly number[], rest: Uint8Array = new Uint8Array(0)): Uint8Array => {
    const total = 12 + 4 * words.length + ((rest.length + 3) & ~3);
    const view = new DataView(new ArrayBuffer(total));
    [type, total, ...words].forEach((word, i) => {
      view.setUint32(4 * i, word >>> 0, !isBigEndian);
    });
    view.setUint32(total - 4, total, !isBigEndian);
    const bytes = bytesOf(view);
    bytes.set(rest, 8 + 4 * words.length);
    return bytes;
  };
  // Two 16-bit fields side by side.
  const pair = (first: number, second: number): number =>
    isBigEndian ? first * 0x10000 + second : second * 0x10000 + first;
  const describe = (of: Resolution, offset: number): Uint8Array => {
    const options = new DataView(new ArrayBuffer(24));
    options.setUint32(0, pair(9, 1), !isBigEndian);
    options.setUint8(4, 'digits' in of ? of.digits : 0x80 | of.bits);
    options.setUint32(8, pair(14, 8), !isBigEndian);
    options.setBigInt64(12, BigInt(offset), !isBigEndian);
    return write(1, [pair(linkType, 0), snapLength], bytesOf(options));
  };
  const units = unitsOf(resolution);
  return joined([
    write(0x0a0d0d0a, [0x1a2b3c4d, pair(1, 0), 0xffffffff, 0xffffffff]),
    ...before.map((of) => describe(of, 0)),
    describe(resolution, offsetSeconds),
    ...frames.map(({ at, frame }) => {
      const { seconds, nanos } = stamp(at + aheadNs);
      const count = BigInt(seconds - offsetSeconds) * units + (BigInt(nanos) * units) / 1_000_000_000n;
      const kept = frame.subarray(0, snapLength);
      return write(
        6,
        [before.length, Number(count >> 32n), Number(count & 0xffffffffn), kept.length, frame.length],
        kept,
      );
    }),
  ]);
}

function unitsOf(resolution: Resolution): bigint {
  return 'digits' in resolution ? 10n ** BigInt(resolution.digits) : 1n << BigInt(resolution.bits);
}

function stamp(ns: number): { readonly seconds: number; readonly nanos: number } {
  const seconds = Math.floor(ns / SECOND);
  return { seconds: START_SECONDS + seconds, nanos: Math.min(999_999_999, Math.round(ns - seconds * SECOND)) };
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
