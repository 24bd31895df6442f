import type { FastReader } from './fastReader.js';
import { foreignStart } from './foreign.js';
import { createPcapReader, pcapFlavour } from './pcapReader.js';
import { SECTION_HEADER } from './limits.js';
import { createPcapngReader } from './pcapngReader.js';
import { be32, damaged, type FormatReader, type ReaderState } from './reader.js';
import type { CaptureParser, FrameSink } from './types.js';

/**
 * A push parser for pcap and pcapng, chosen by the first four bytes. Frames that lie wholly inside a chunk are
 * delivered in place; only a record that spans chunks is copied. Memory is bounded by the largest record and the number
 * of interfaces (limits.ts). It ends at the first thing that it cannot read: everything before is delivered, nothing
 * after, and the summary's `damage` says where and why. `bytes` of the summary counts what was pushed. What `fast` takes
 * does not come to the sink.
 */
export function createCaptureParser(sink: FrameSink, fast: FastReader | null = null): CaptureParser {
  const state: ReaderState = { need: 4, skip: 0, damage: null, frames: 0 };
  let reader: FormatReader | null = null;
  /** The start of a unit whose end has not arrived. */
  let carry = new Uint8Array(0x1000);
  let carried = 0;
  /** File offset of the next byte to be pushed. */
  let offset = 0;

  function isDamaged(): boolean {
    return state.damage !== null;
  }

  function choose(bytes: Uint8Array, at: number, base: number): void {
    const magic = be32(bytes, at);
    const flavour = pcapFlavour(magic);
    if (flavour !== null) reader = createPcapReader(sink, state, flavour, fast);
    else if (magic === SECTION_HEADER) reader = createPcapngReader(sink, state, fast);
    else damaged(state, base + at, strangeMagic(magic, bytes, at));
  }

  /** Returns where it stopped; `state` says why. */
  function consume(bytes: Uint8Array, at: number, end: number, base: number): number {
    if (reader === null) {
      if (end - at < 4) return at;
      choose(bytes, at, base);
    }
    return reader === null ? at : reader.consume(bytes, at, end, base);
  }

  function keep(bytes: Uint8Array, at: number, end: number): void {
    const length = carried + end - at;
    if (length > carry.length) {
      const larger = new Uint8Array(Math.max(length, Math.min(state.need, 4 * carry.length)));
      larger.set(carry.subarray(0, carried), 0);
      carry = larger;
    }
    carry.set(bytes.subarray(at, end), carried);
    carried = length;
  }

  return {
    isDamaged,
    push(chunk) {
      const base = offset;
      const end = chunk.length;
      offset += end;
      let at = 0;
      while (at < end && !isDamaged()) {
        if (state.skip > 0) {
          const step = Math.min(state.skip, end - at);
          state.skip -= step;
          at += step;
        } else if (carried > 0) {
          const step = Math.min(state.need - carried, end - at);
          keep(chunk, at, at + step);
          at += step;
          if (carried < state.need) return;
          // Exactly the needed bytes were kept: they are consumed as a whole, or `need` has grown and all of them stay.
          if (consume(carry, 0, carried, base + at - carried) > 0) carried = 0;
        } else {
          at = consume(chunk, at, end, base);
          if (state.skip === 0 && at < end && !isDamaged()) {
            keep(chunk, at, end);
            at = end;
          }
        }
      }
    },
    end() {
      if (state.damage === null) {
        const unfinished =
          reader === null
            ? offset === 0
              ? 'the file is empty'
              : 'the file is too short to be a capture'
            : reader.unfinished();
        if (state.skip > 0 || carried > 0)
          damaged(
            state,
            offset - carried,
            carried > 0 && reader !== null
              ? `cut short: ${carried} of ${state.need} bytes are there`
              : (unfinished ?? 'the last block is cut short'),
          );
        else if (unfinished !== null) damaged(state, offset, unfinished);
      }
      return {
        format: reader?.format ?? 'pcap',
        frames: state.frames,
        bytes: offset,
        drops: reader?.drops() ?? null,
        carried: reader?.carried() ?? 0,
        untimed: reader?.untimed() ?? 0,
        joined: reader?.joined() ?? null,
        sections: reader?.sections() ?? 0,
        interfaces: reader?.interfaces() ?? [],
        damage: state.damage,
      };
    },
  };
}

function strangeMagic(magic: number, bytes: Uint8Array, at: number): string {
  const hex = magic.toString(16).padStart(8, '0');
  if (magic >>> 16 === 0x1f8b) return 'the content is gzip-compressed';
  if (magic === 0x28b52ffd) return 'the content is zstd-compressed';
  if (magic === 0x04224d18) return 'the content is lz4-compressed';
  const foreign = foreignStart(bytes.subarray(at, at + 4));
  if (foreign !== null)
    return `it is ${foreign.name}${foreign.command === null ? '' : `; convert it: ${foreign.command('IN', 'OUT.pcap')}`}`;
  return `neither pcap nor pcapng: the file starts with ${hex}`;
}
