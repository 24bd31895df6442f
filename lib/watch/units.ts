import { readInterface, type CaptureInterface } from '../pcap/interfaceBlock.js';
import { isByteOrderMagic, MAX_BLOCK, MAX_FRAME, SECTION_HEADER } from '../pcap/limits.js';
import { pcapFlavour } from '../pcap/pcapReader.js';
import { be32, le32 } from '../pcap/reader.js';

/** What a capture is made of, in whole pieces: what is in front of its frames, and its records and blocks. */
export interface UnitSink {
  /** Its format's header: of pcap the file's, of pcapng the section's. Interfaces that were described before count no more. */
  header(bytes: Uint8Array): void;
  /** A description of an interface, which later frames need. */
  described(bytes: Uint8Array): void;
  /** A record, or a block that is no description; `seconds` since the epoch of a frame with a time, else null. */
  unit(bytes: Uint8Array, seconds: number | null): void;
}

/** Cuts a capture that still grows into whole pieces. `bytes` of the sink are valid during the call only. */
export interface UnitCutter {
  push(chunk: Uint8Array): void;
  /** It cannot be cut any further: whoever reads what has come so far says why. */
  isBroken(): boolean;
  /** Of a piece whose end has not come; of a broken one what is left of its beginning. */
  rest(): Uint8Array;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** Type, length, and what tells the byte order of a section. */
const BLOCK_HEADER = 12;
const INTERFACE = 1;
const OBSOLETE_PACKET = 2;
const ENHANCED_PACKET = 6;

type Word = (bytes: Uint8Array, at: number) => number;
type Format = { readonly type: 'pcap'; readonly word: Word } | { readonly type: 'pcapng' };

/**
 * Formats: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng. Checks no more than it needs to find the next piece;
 * the judge's own reader checks the rest. Memory is bounded by the largest block that may hold a frame: others of more
 * bytes are dropped unseen.
 */
export function createUnitCutter(sink: UnitSink): UnitCutter {
  let carry: Uint8Array = new Uint8Array(0);
  let format: Format | null = null;
  let isBroken = false;
  let isBig = false;
  let skip = 0;
  let interfaces: CaptureInterface[] = [];
  /** Nothing but a header may come first. */
  let isFirst = true;

  const word: Word = (bytes, at) => (isBig ? be32(bytes, at) : le32(bytes, at));

  /** Bytes that the piece at `at` takes; 0 = more is needed to tell; -1 = there is no such piece. */
  function sizeOf(bytes: Uint8Array, at: number): number {
    const there = bytes.length - at;
    if (format === null) {
      if (there < 4) return 0;
      const magic = be32(bytes, at);
      const flavour = pcapFlavour(magic);
      if (flavour !== null) {
        format = { type: 'pcap', word: flavour.bigEndian ? be32 : le32 };
      } else if (magic === SECTION_HEADER) format = { type: 'pcapng' };
      else return -1;
    }
    if (format.type === 'pcap') {
      if (isFirst) return FILE_HEADER;
      if (there < RECORD_HEADER) return 0;
      const captured = format.word(bytes, at + 8);
      return captured > MAX_FRAME ? -1 : RECORD_HEADER + captured;
    }
    if (there < BLOCK_HEADER) return 0;
    if (be32(bytes, at) === SECTION_HEADER) {
      if (!isByteOrderMagic(le32(bytes, at + 8))) return -1;
      isBig = be32(bytes, at + 8) === 0x1a2b3c4d;
    } else if (isFirst) return -1;
    const size = word(bytes, at + 4);
    return size < BLOCK_HEADER || size % 4 !== 0 ? -1 : size;
  }

  function deliver(bytes: Uint8Array): void {
    if (format?.type === 'pcap') {
      if (isFirst) sink.header(bytes);
      else sink.unit(bytes, format.word(bytes, 0));
    } else deliverBlock(bytes);
    isFirst = false;
  }

  function deliverBlock(bytes: Uint8Array): void {
    const type = word(bytes, 0);
    if (be32(bytes, 0) === SECTION_HEADER) {
      interfaces = [];
      sink.header(bytes);
    } else if (type === INTERFACE) {
      const described = readInterface(bytes, 8, bytes.length - 4, word, isBig);
      if (typeof described !== 'string') interfaces.push(described);
      sink.described(bytes);
    } else sink.unit(bytes, timeOf(bytes, type));
  }

  function timeOf(bytes: Uint8Array, type: number): number | null {
    if ((type !== ENHANCED_PACKET && type !== OBSOLETE_PACKET) || bytes.length < 20) return null;
    const first = word(bytes, 8);
    const clock = interfaces[type === ENHANCED_PACKET ? first : isBig ? first >>> 16 : first & 0xffff]?.clock;
    if (clock === undefined) return null;
    clock.read(word(bytes, 12), word(bytes, 16));
    return clock.seconds;
  }

  /** Delivers whole pieces; returns where the first one begins that is not whole. */
  function consume(bytes: Uint8Array): number {
    for (let at = 0; ;) {
      const size = sizeOf(bytes, at);
      if (size < 0) isBroken = true;
      if (size <= 0) return at;
      const isDropped = format?.type === 'pcapng' && size > MAX_BLOCK;
      if (isDropped) {
        // No frame is that long: its reader would skip it, too, and nobody keeps it.
        skip = Math.max(0, at + size - bytes.length);
        if (skip > 0) return bytes.length;
      } else {
        if (at + size > bytes.length) return at;
        deliver(bytes.subarray(at, at + size));
      }
      at += size;
    }
  }

  return {
    push(chunk) {
      if (isBroken) return;
      const step = Math.min(skip, chunk.length);
      skip -= step;
      if (step === chunk.length) return;
      // A Buffer's own slice() is no copy, and whoever reads a file may use one chunk for all of it.
      const fresh = new Uint8Array(chunk.buffer, chunk.byteOffset + step, chunk.length - step);
      const bytes = carry.length === 0 ? fresh : joined(carry, fresh);
      carry = bytes.slice(consume(bytes));
    },
    isBroken: () => isBroken,
    rest: () => carry,
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
