import { createDropCounter } from './dropCounter.js';
import type { FastReader } from './fastReader.js';
import { readInterface, type CaptureInterface } from './interfaceBlock.js';
import { isByteOrderMagic, MAX_BLOCK, MAX_FRAME, MAX_INTERFACES, MAX_SECONDS, SECTION_HEADER } from './limits.js';
import { LINK_TYPE } from './linkType.js';
import { pcapFlavour } from './pcapReader.js';
import { be32, damaged, joinedAt, le32, type FormatReader, type ReaderState } from './reader.js';
import type { Clock } from './timestamp.js';
import type { CaptureSummary, FrameSink } from './types.js';

const INTERFACE = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const STATISTICS = 5;
const ENHANCED_PACKET = 6;

/** A section header without options and trailing length, bytes. */
const SECTION_FIXED = 24;

/**
 * The next generation format (draft-ietf-opsawg-pcapng). `iface` of a frame counts over all sections, in the order of
 * the summary. A simple packet has no time: its frames are at 0 s. Name resolution, secrets, custom and unknown blocks
 * are skipped unseen.
 */
export function createPcapngReader(sink: FrameSink, state: ReaderState, fast: FastReader | null = null): FormatReader {
  const interfaces: CaptureInterface[] = [];
  const drops = createDropCounter();
  let sectionStart = 0;
  /** Sections before this one that hold frames, and how many frames those are. */
  let sections = 0;
  let framesBefore = 0;
  let joined: CaptureSummary['joined'] = null;
  let bigEndian = false;
  /** Total length of a block that is being skipped, whose last four bytes must repeat it; 0 = none. */
  let trailerDue = 0;
  let inSection = false;
  let untimed = 0;
  state.need = 12;

  const word = (bytes: Uint8Array, at: number): number => (bigEndian ? be32(bytes, at) : le32(bytes, at));

  /** One packet of any block type; `data` is the first byte of the frame. False = damage. */
  function packet(
    bytes: Uint8Array,
    data: number,
    bodyEnd: number,
    id: number,
    high: number,
    low: number,
    captured: number,
    original: number,
    offset: number,
  ): boolean {
    const index = sectionStart + id;
    if (id >= interfaces.length - sectionStart)
      return fail(offset, `packet names interface ${id}, which its section does not describe`);
    if (captured > MAX_FRAME)
      return fail(offset, `packet claims ${captured} captured bytes; ${MAX_FRAME} is the most there can be`);
    if (captured > bodyEnd - data)
      return fail(offset, `packet claims ${captured} captured bytes, its block has ${bodyEnd - data}`);
    if (captured > original) return fail(offset, `packet claims ${captured} captured bytes of a frame of ${original}`);
    const iface = interfaces[index] as CaptureInterface;
    const clock = iface.clock;
    if (high >= 0) {
      clock.read(high, low);
      if (clock.seconds < 0 || clock.seconds > MAX_SECONDS)
        return fail(offset, `packet's time is ${clock.seconds} s since 1970, out of range`);
    } else {
      untimed++;
      clock.seconds = 0;
      clock.nanos = 0;
    }
    let length = captured;
    let wire = original;
    if (iface.fcsBytes !== 0) {
      wire = Math.max(0, wire - iface.fcsBytes);
      if (length > wire) length = wire;
    }
    state.frames++;
    sink.frame(bytes, data, length, wire, clock.seconds, clock.nanos, iface.linkType, index, offset);
    return true;
  }

  function fail(offset: number, message: string): false {
    damaged(state, offset, message);
    return false;
  }

  /**
   * The body of an enhanced packet block: nearly every block there is. The byte order is passed so that it stays in a
   * register.
   */
  function enhanced(bytes: Uint8Array, at: number, end: number, offset: number, big: boolean): boolean {
    if (end - at < 20) return fail(offset, 'enhanced packet block is too short');
    const id = big ? be32(bytes, at) : le32(bytes, at);
    const high = big ? be32(bytes, at + 4) : le32(bytes, at + 4);
    const low = big ? be32(bytes, at + 8) : le32(bytes, at + 8);
    const captured = big ? be32(bytes, at + 12) : le32(bytes, at + 12);
    const original = big ? be32(bytes, at + 16) : le32(bytes, at + 16);
    if (!packet(bytes, at + 20, end, id, high, low, captured, original, offset)) return false;
    const options = at + 20 + ((captured + 3) & ~3);
    return (
      options >= end ||
      drops.options(bytes, options, end, word, bigEndian) ||
      fail(offset, 'an option of the packet runs over its block')
    );
  }

  /** The body of any other block that is wholly present, without the trailing length. False = damage. */
  function block(bytes: Uint8Array, type: number, at: number, end: number, offset: number): boolean {
    const size = end - at;
    switch (type) {
      case SIMPLE_PACKET: {
        if (size < 4) return fail(offset, 'simple packet block is too short');
        const original = word(bytes, at);
        const snap = interfaces[sectionStart]?.snapLength ?? 0;
        return packet(bytes, at + 4, end, 0, -1, 0, snap === 0 ? original : Math.min(snap, original), original, offset);
      }
      case OBSOLETE_PACKET: {
        if (size < 20) return fail(offset, 'packet block is too short');
        const first = word(bytes, at);
        const id = bigEndian ? first >>> 16 : first & 0xffff;
        drops.packet(bigEndian ? first & 0xffff : first >>> 16);
        return packet(
          bytes,
          at + 20,
          end,
          id,
          word(bytes, at + 4),
          word(bytes, at + 8),
          word(bytes, at + 12),
          word(bytes, at + 16),
          offset,
        );
      }
      case INTERFACE: {
        if (interfaces.length === MAX_INTERFACES) return fail(offset, `more than ${MAX_INTERFACES} interfaces`);
        const description = readInterface(bytes, at, end, word, bigEndian);
        if (typeof description === 'string') return fail(offset, description);
        interfaces.push(description);
        sink.described?.(interfaces.length, description.name);
        return true;
      }
      default:
        if (size < 12) return fail(offset, 'interface statistics block is too short');
        if (word(bytes, at) >= interfaces.length - sectionStart)
          return fail(offset, 'statistics of an interface that its section does not describe');
        if (!drops.statistics(sectionStart + word(bytes, at), bytes, at + 12, end, word, bigEndian))
          return fail(offset, 'an option of the statistics runs over its block');
        return true;
    }
  }

  /**
   * The start of a section, of which 24 bytes are present; its options are skipped with the rest of the block. False =
   * damage.
   */
  function section(bytes: Uint8Array, at: number, offset: number): boolean {
    const magic = be32(bytes, at + 8);
    if (!isByteOrderMagic(magic)) return fail(offset + 8, 'section header has no byte-order magic');
    bigEndian = magic === 0x1a2b3c4d;
    const version = word(bytes, at + 12);
    const major = bigEndian ? version >>> 16 : version & 0xffff;
    if (major !== 1) return fail(offset + 12, `section has version ${major}; 1 is the only one in use`);
    sectionStart = interfaces.length;
    if (state.frames > framesBefore) {
      sections++;
      joined ??= { offset, frames: state.frames };
    }
    framesBefore = state.frames;
    inSection = true;
    return true;
  }

  /** The clock of the only interface, where all that the fast reader takes can be told by it. */
  function soleClock(): Clock | null {
    const [sole] = interfaces;
    if (sole === undefined || interfaces.length > 1 || sectionStart > 0 || bigEndian) return null;
    return sole.linkType === LINK_TYPE.ethernet && sole.fcsBytes === 0 && sole.clock.perSecond > 0 ? sole.clock : null;
  }

  function consume(bytes: Uint8Array, from: number, end: number, base: number): number {
    let at = from;
    let big = bigEndian;
    const swift = fast?.holds(bytes) === true ? fast : null;
    for (;;) {
      if (swift !== null && trailerDue === 0 && swift.isReady()) {
        const clock = soleClock();
        if (clock !== null) {
          at = swift.pcapng(bytes, at, end, base, clock.perSecond, clock.offsetSeconds);
          state.frames += swift.frames;
        }
      }
      const left = end - at;
      if (trailerDue !== 0) {
        state.need = 4;
        if (left < 4) return at;
        if (word(bytes, at) !== trailerDue) return stop(at, base, trailerDue, word(bytes, at));
        trailerDue = 0;
        at += 4;
        continue;
      }
      state.need = 12;
      if (left < 12) return at;
      const type = big ? be32(bytes, at) : le32(bytes, at);
      const isSection = type === SECTION_HEADER;
      if (isSection) {
        state.need = SECTION_FIXED;
        if (left < SECTION_FIXED || !section(bytes, at, base + at)) return at;
        big = bigEndian;
      }
      const total = big ? be32(bytes, at + 4) : le32(bytes, at + 4);
      const seen = type === ENHANCED_PACKET || (type >= INTERFACE && type <= SIMPLE_PACKET) || type === STATISTICS;
      // Checked before its length is believed: a pcap file that was joined to this one has no length there.
      if (!seen && pcapFlavour(be32(bytes, at)) !== null) {
        joinedAt(state, base + at);
        return at;
      }
      if (total < 12 || (total & 3) !== 0 || (isSection && total < SECTION_FIXED + 4)) {
        fail(base + at + 4, `block claims a length of ${total} bytes`);
        return at;
      }
      if (!seen) {
        trailerDue = total;
        if (total === 12) {
          at += 8;
          continue;
        }
        // Past what was looked at, up to the trailing length.
        const looked = isSection ? SECTION_FIXED : 12;
        state.skip = total - looked - 4;
        at += looked;
        if (state.skip !== 0) return at;
        continue;
      }
      if (total > MAX_BLOCK) {
        fail(base + at + 4, `block claims a length of ${total} bytes; ${MAX_BLOCK} is the most that is read`);
        return at;
      }
      if (left < total) {
        state.need = total;
        return at;
      }
      const trailer = big ? be32(bytes, at + total - 4) : le32(bytes, at + total - 4);
      if (trailer !== total) return stop(at, base, total, trailer);
      const whole =
        type === ENHANCED_PACKET
          ? enhanced(bytes, at + 8, at + total - 4, base + at, big)
          : block(bytes, type, at + 8, at + total - 4, base + at);
      if (!whole) return at;
      at += total;
    }
  }

  function stop(at: number, base: number, total: number, trailer: number): number {
    fail(base + at, `block of ${total} bytes ends with the length ${trailer}`);
    return at;
  }

  return {
    format: 'pcapng',
    consume,
    unfinished: () => (trailerDue !== 0 || !inSection ? 'the last block is cut short' : null),
    drops: () => drops.total(),
    carried: () => 0,
    untimed: () => untimed,
    joined: () => (state.frames > framesBefore && sections > 0 ? joined : null),
    sections: () => sections + (state.frames > framesBefore ? 1 : 0),
    interfaces: () => interfaces.map(({ linkType, name, snapLength }) => ({ linkType, name, snapLength })),
  };
}
