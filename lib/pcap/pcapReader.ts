import type { FastReader } from './fastReader.js';
import { isByteOrderMagic, MAX_FRAME, SECTION_HEADER } from './limits.js';
import { LINK_TYPE } from './linkType.js';
import { be32, damaged, joinedAt, le32, type FormatReader, type ReaderState } from './reader.js';
import type { FrameSink } from './types.js';

const FILE_HEADER = 24;
const RECORD_HEADER = 16;

export interface PcapFlavour {
  readonly bigEndian: boolean;
  readonly nanoseconds: boolean;
}

/** The flavour that the first four bytes name, or null when this is not pcap. */
export function pcapFlavour(magic: number): PcapFlavour | null {
  switch (magic) {
    case 0xd4c3b2a1:
      return { bigEndian: false, nanoseconds: false };
    case 0x4d3cb2a1:
      return { bigEndian: false, nanoseconds: true };
    case 0xa1b2c3d4:
      return { bigEndian: true, nanoseconds: false };
    case 0xa1b23c4d:
      return { bigEndian: true, nanoseconds: true };
    default:
      return null;
  }
}

/**
 * The classic format (draft-ietf-opsawg-pcap). A frame check sequence that the header declares is not part of the
 * frames delivered.
 */
export function createPcapReader(
  sink: FrameSink,
  state: ReaderState,
  flavour: PcapFlavour,
  fast: FastReader | null = null,
): FormatReader {
  const { bigEndian } = flavour;
  const fractionLimit = flavour.nanoseconds ? 1_000_000_000 : 1_000_000;
  const toNanos = flavour.nanoseconds ? 1 : 1000;
  let linkType = -1;
  let snapLength = 0;
  let fcsBytes = 0;
  let carried = 0;
  state.need = FILE_HEADER;

  function header(bytes: Uint8Array, at: number, offset: number): boolean {
    const word = bigEndian ? be32 : le32;
    const version = word(bytes, at + 4);
    const major = bigEndian ? version >>> 16 : version & 0xffff;
    const minor = bigEndian ? version & 0xffff : version >>> 16;
    if (major !== 2 || minor > 4) {
      damaged(state, offset + 4, `pcap version ${major}.${minor} is unknown; 2.4 is the only one in use`);
      return false;
    }
    snapLength = word(bytes, at + 16);
    const network = word(bytes, at + 20);
    linkType = network & 0xffff;
    fcsBytes = (network & 0x04000000) === 0 ? 0 : (network >>> 28) * 2;
    return true;
  }

  return {
    format: 'pcap',
    consume(bytes, from, end, base) {
      let at = from;
      if (linkType < 0) {
        if (end - at < FILE_HEADER) return at;
        if (!header(bytes, at, base + at)) return at;
        at += FILE_HEADER;
      }
      const link = linkType;
      const fcs = fcsBytes;
      const swift =
        fast !== null && !bigEndian && link === LINK_TYPE.ethernet && fcs === 0 && fast.holds(bytes) ? fast : null;
      let frames = state.frames;
      for (;;) {
        if (swift?.isReady() === true) {
          at = swift.pcap(bytes, at, end, base, toNanos);
          frames += swift.frames;
        }
        const left = end - at;
        if (left < RECORD_HEADER) {
          state.need = RECORD_HEADER;
          break;
        }
        const seconds = bigEndian ? be32(bytes, at) : le32(bytes, at);
        const fraction = bigEndian ? be32(bytes, at + 4) : le32(bytes, at + 4);
        let captured = bigEndian ? be32(bytes, at + 8) : le32(bytes, at + 8);
        let original = bigEndian ? be32(bytes, at + 12) : le32(bytes, at + 12);
        let carry = 0;
        // One comparison for too many bytes and for zero: hardly any record has zero, but a file header in a record's
        // place does.
        if ((captured - 1) >>> 0 >= MAX_FRAME || captured > original || fraction >= fractionLimit) {
          state.frames = frames;
          if (isFileStart(bytes, at)) joinedAt(state, base + at);
          else if (captured > MAX_FRAME || captured > original)
            damaged(state, base + at, recordProblem(captured, original));
          if (state.damage !== null) break;
          carry = Math.floor(fraction / fractionLimit);
        }
        const size = RECORD_HEADER + captured;
        if (left < size) {
          state.need = size;
          break;
        }
        if (fcs !== 0) {
          original = Math.max(0, original - fcs);
          if (captured > original) captured = original;
        }
        frames++;
        if (carry === 0)
          sink.frame(bytes, at + RECORD_HEADER, captured, original, seconds, fraction * toNanos, link, 0, base + at);
        else {
          carried++;
          const nanos = (fraction - carry * fractionLimit) * toNanos;
          sink.frame(bytes, at + RECORD_HEADER, captured, original, seconds + carry, nanos, link, 0, base + at);
        }
        at += size;
      }
      state.frames = frames;
      return at;
    },
    unfinished: () => (linkType < 0 ? 'the file header is cut short' : null),
    drops: () => null,
    carried: () => carried,
    untimed: () => 0,
    joined: () => null,
    sections: () => (state.frames > 0 ? 1 : 0),
    interfaces: () => (linkType < 0 ? [] : [{ linkType, name: null, snapLength }]),
  };
}

function recordProblem(captured: number, original: number): string {
  if (captured > MAX_FRAME) return `record claims ${captured} captured bytes; ${MAX_FRAME} is the most there can be`;
  return `record claims ${captured} captured bytes of a frame of ${original}`;
}

/**
 * Whether a record header is really the start of a capture file: of pcap by magic and version, of pcapng by both of its
 * magics.
 */
function isFileStart(bytes: Uint8Array, at: number): boolean {
  const magic = be32(bytes, at);
  if (magic === SECTION_HEADER) return isByteOrderMagic(be32(bytes, at + 8));
  const flavour = pcapFlavour(magic);
  return (
    flavour !== null &&
    (flavour.bigEndian ? be32 : le32)(bytes, at + 4) === (flavour.bigEndian ? BIG_VERSION : LITTLE_VERSION)
  );
}

/** 2.4 as two 16-bit numbers in one word. */
const BIG_VERSION = 0x00020004;
const LITTLE_VERSION = 0x00040002;
