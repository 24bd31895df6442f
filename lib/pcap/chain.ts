import type { FastReader } from './fastReader.js';
import { createCaptureParser } from './parser.js';
import type { CaptureParser, CaptureSummary, FrameSink } from './types.js';

/** Reads files that one program wrote one after the other (tcpdump -C, -G; dumpcap -b) as one capture. */
export interface ChainParser extends CaptureParser {
  /** The next file begins here. */
  next(): void;
}

/**
 * Offsets count on from file to file. Interfaces are taken from the first file with the most of them: rotation repeats
 * them. Damage in any file ends the capture there, and is reported with the file's name.
 */
export function createChainParser(
  sink: FrameSink,
  names: readonly string[] = [],
  fast: FastReader | null = null,
): ChainParser {
  const done: CaptureSummary[] = [];
  let before = 0;
  let isFirst = false;
  const shifted: FrameSink = {
    described: (interfaces, name) => sink.described?.(interfaces, name),
    frame(bytes, start, captured, original, seconds, nanos, linkType, iface, offset) {
      if (isFirst) {
        isFirst = false;
        sink.begins?.(done.length, seconds, nanos);
      }
      sink.frame(bytes, start, captured, original, seconds, nanos, linkType, iface, before + offset);
    },
  };
  const shiftedFast: FastReader | null =
    fast === null
      ? null
      : {
          holds: (bytes) => fast.holds(bytes),
          // When a file begins is told by its first frame.
          isReady: () => !isFirst && fast.isReady(),
          pcap: (bytes, at, end, base, unit) => fast.pcap(bytes, at, end, before + base, unit),
          pcapng: (bytes, at, end, base, perSecond, offsetSeconds) =>
            fast.pcapng(bytes, at, end, before + base, perSecond, offsetSeconds),
          get frames() {
            return fast.frames;
          },
        };
  let parser = names.length > 1 ? createCaptureParser(shifted, shiftedFast) : createCaptureParser(sink, fast);
  let isBroken = false;
  const finish = (): void => {
    const summary = parser.end();
    before += summary.bytes;
    isBroken ||= summary.damage !== null;
    done.push(summary);
  };
  return {
    push: (chunk) => {
      if (!isBroken) parser.push(chunk);
    },
    isDamaged: () => isBroken || parser.isDamaged(),
    next() {
      if (isBroken) return;
      finish();
      isFirst = true;
      parser = createCaptureParser(shifted, shiftedFast);
    },
    end() {
      if (!isBroken) finish();
      const [first] = done;
      return first === undefined || names.length < 2 ? (first ?? parser.end()) : joined(done, names);
    },
  };
}

function joined(parts: readonly CaptureSummary[], names: readonly string[]): CaptureSummary {
  const [first] = parts;
  const last = parts[parts.length - 1];
  if (first === undefined || last === undefined) throw new RangeError('no capture');
  const sum = (of: (part: CaptureSummary) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const known = parts.filter(({ drops }) => drops !== null);
  const most = Math.max(...parts.map(({ interfaces }) => interfaces.length));
  return {
    format: first.format,
    frames: sum(({ frames }) => frames),
    bytes: sum(({ bytes }) => bytes),
    drops: known.length === 0 ? null : known.reduce((total, { drops }) => total + (drops ?? 0), 0),
    sections: Math.max(...parts.map(({ sections }) => sections)),
    interfaces: (parts.find(({ interfaces }) => interfaces.length === most) ?? first).interfaces,
    carried: sum(({ carried }) => carried),
    untimed: sum(({ untimed }) => untimed),
    joined: parts.find((part) => part.joined !== null)?.joined ?? null,
    damage:
      last.damage === null
        ? null
        : { ...last.damage, message: `${last.damage.message} (in ${names[parts.length - 1] ?? 'the last file'})` },
  };
}
