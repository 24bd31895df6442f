import { MAX_FRAME } from './limits.js';

/** One frame for a writer. `comment` is kept by pcapng only. */
export interface FrameRecord {
  readonly seconds: number;
  /** 0..999,999,999 */
  readonly nanos: number;
  readonly frame: Uint8Array;
  /** Bytes on the wire; defaults to the frame's length. */
  readonly original?: number;
  readonly comment?: string;
  /** Index of the interface, pcapng only; defaults to 0. */
  readonly iface?: number;
}

export interface InterfaceDescription {
  readonly name: string;
  readonly linkType: number;
  readonly snapLength: number;
}

/** Start of a pcap file with nanosecond stamps, little endian. */
export function pcapHeader(linkType: number, snapLength = MAX_FRAME): Uint8Array {
  const out = new Uint8Array(24);
  set32(out, 0, 0xa1b23c4d);
  out.set([2, 0, 4, 0], 4);
  set32(out, 16, snapLength);
  set32(out, 20, linkType);
  return out;
}

export function pcapRecord(record: FrameRecord): Uint8Array {
  const { frame } = record;
  const out = new Uint8Array(16 + frame.length);
  set32(out, 0, record.seconds);
  set32(out, 4, record.nanos);
  set32(out, 8, frame.length);
  set32(out, 12, record.original ?? frame.length);
  out.set(frame, 16);
  return out;
}

/**
 * Start of a pcapng file, little endian: one section and its interfaces, with nanosecond stamps. `application` names
 * the writer.
 */
export function pcapngHeader(interfaces: readonly InterfaceDescription[], application = 'everyleaf'): Uint8Array {
  const section = block(0x0a0d0d0a, [
    words(0x1a2b3c4d),
    Uint8Array.of(1, 0, 0, 0),
    words(0xffffffff, 0xffffffff),
    textOption(4, application),
    END_OF_OPTIONS,
  ]);
  const descriptions = interfaces.map(({ name, linkType, snapLength }) =>
    block(1, [
      Uint8Array.of(linkType & 0xff, linkType >> 8, 0, 0),
      words(snapLength),
      textOption(2, name),
      option(9, Uint8Array.of(9)),
      END_OF_OPTIONS,
    ]),
  );
  return concat([section, ...descriptions]);
}

export function pcapngRecord(record: FrameRecord): Uint8Array {
  const { frame, comment } = record;
  const time = BigInt(record.seconds) * 1_000_000_000n + BigInt(record.nanos);
  const fixed = words(
    record.iface ?? 0,
    Number(time >> 32n),
    Number(time & 0xffffffffn),
    frame.length,
    record.original ?? frame.length,
  );
  const options = comment === undefined || comment === '' ? [] : [textOption(1, comment), END_OF_OPTIONS];
  return block(6, [fixed, padded(frame), ...options]);
}

/** What an interface lost, at a time (`seconds`, `nanos`). */
export function pcapngStatistics(
  iface: number,
  at: { readonly seconds: number; readonly nanos: number },
  counts: { readonly received: number; readonly dropped: number },
): Uint8Array {
  const time = BigInt(at.seconds) * 1_000_000_000n + BigInt(at.nanos);
  return block(5, [
    words(iface, Number(time >> 32n), Number(time & 0xffffffffn)),
    option(4, count64(counts.received)),
    option(5, count64(counts.dropped)),
    END_OF_OPTIONS,
  ]);
}

const END_OF_OPTIONS = new Uint8Array(4);
/** Longest option value whose padded size still fits its 16-bit length. */
const MAX_OPTION = 0xfffc;

function block(type: number, body: readonly Uint8Array[]): Uint8Array {
  const content = concat(body);
  const total = 12 + content.length;
  const out = new Uint8Array(total);
  set32(out, 0, type);
  set32(out, 4, total);
  out.set(content, 8);
  set32(out, total - 4, total);
  return out;
}

function option(code: number, value: Uint8Array): Uint8Array {
  const out = new Uint8Array(4 + ((value.length + 3) & ~3));
  out.set([code & 0xff, code >> 8, value.length & 0xff, value.length >> 8]);
  out.set(value, 4);
  return out;
}

function textOption(code: number, text: string): Uint8Array {
  return option(code, new TextEncoder().encode(text).subarray(0, MAX_OPTION));
}

function padded(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 4 === 0) return bytes;
  const out = new Uint8Array((bytes.length + 3) & ~3);
  out.set(bytes, 0);
  return out;
}

function count64(value: number): Uint8Array {
  return words(value % 0x1_0000_0000, Math.floor(value / 0x1_0000_0000));
}

function words(...values: readonly number[]): Uint8Array {
  const out = new Uint8Array(4 * values.length);
  values.forEach((value, index) => set32(out, 4 * index, value));
  return out;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function set32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}
