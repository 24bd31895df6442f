import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUnitCutter } from './units.js';

/** The latest part of a capture that still grows, as a capture file of its own: whole records only. */
export interface Spool extends Disposable {
  /** A file without a name, as long as this process lives: whatever ends it, nothing stays behind. */
  readonly path: string;
  /** Bytes of that file. */
  readonly bytes: number;
  /** Records with a time that have come in all. */
  readonly frames: number;
  /** Time stamp of the latest of them, s since the epoch; null before the first. */
  readonly latestSeconds: number | null;
  /** It cannot be read on: the judge says why. */
  isBroken(): boolean;
  /** The next bytes of the capture. */
  take(chunk: Uint8Array): void;
  /**
   * Lets go of what came before this second, s since the epoch, by the capture's own clock. A record from before it is
   * kept: the capture was alive at that time, which only a record shows.
   */
  dropBefore(seconds: number): void;
}

/** Where the first record lies that is of this second or later. */
interface Mark {
  readonly seconds: number;
  readonly at: number;
}

/** What is in front of frames, and where: the header of a file or a section, or a description of an interface. */
interface Described {
  readonly isHeader: boolean;
  readonly at: number;
  readonly unit: Uint8Array;
}

/** Bytes that are copied at once. */
const COPY_BYTES = 0x10_0000;

/** Throws what making a file in the folder for temporary files throws. */
export function createSpool(): Spool {
  let file = namelessFile();
  let bytes = 0;
  let described: readonly Described[] = [];
  let marks: Mark[] = [];
  let frames = 0;
  let latest: number | null = null;
  let isTold = false;
  /** Written together: a write for each record would take longer than all else. */
  let unwritten: Uint8Array[] = [];
  let unwrittenBytes = 0;

  const append = (unit: Uint8Array): void => {
    unwritten.push(unit.slice());
    unwrittenBytes += unit.length;
    bytes += unit.length;
  };
  const flush = (): void => {
    if (unwrittenBytes === 0) return;
    const all = Buffer.concat(unwritten, unwrittenBytes);
    writeAll(file, all, bytes - unwrittenBytes);
    unwritten = [];
    unwrittenBytes = 0;
  };
  const cutter = createUnitCutter({
    header(unit) {
      described = [...described, { isHeader: true, at: bytes, unit: unit.slice() }];
      append(unit);
    },
    described(unit) {
      described = [...described, { isHeader: false, at: bytes, unit: unit.slice() }];
      append(unit);
    },
    unit(unit, seconds) {
      if (seconds !== null) {
        frames++;
        if (latest === null || seconds > latest) {
          latest = seconds;
          marks.push({ seconds, at: bytes });
        }
      }
      append(unit);
    },
  });
  return {
    get path() {
      return pathOf(file);
    },
    get bytes() {
      return bytes;
    },
    get frames() {
      return frames;
    },
    get latestSeconds() {
      return latest;
    },
    isBroken: () => cutter.isBroken(),
    take(chunk) {
      if (cutter.isBroken()) return;
      cutter.push(chunk);
      // The judge shall see what cannot be read.
      if (cutter.isBroken() && !isTold) {
        isTold = true;
        append(cutter.rest());
      }
      flush();
    },
    dropBefore(seconds) {
      const first = marks.findLastIndex((mark) => mark.seconds < seconds);
      const from = marks[first]?.at;
      if (from === undefined) return;
      // What describes the first frame that is kept is repeated in front of it. What comes later has its place: an
      // interface that is described twice would be two.
      const before = described.filter(({ at }) => at < from);
      const head = before.slice(
        Math.max(
          0,
          before.findLastIndex(({ isHeader }) => isHeader),
        ),
      );
      const front = Buffer.concat(head.map(({ unit }) => unit));
      if (from <= front.length) return;
      const next = namelessFile();
      writeAll(next, front, 0);
      const kept = copyFrom(file, from, bytes, next, front.length);
      closeSync(file);
      file = next;
      bytes = front.length + kept;
      const moved = <T extends { readonly at: number }>(one: T): T => ({ ...one, at: one.at - from + front.length });
      marks = marks.slice(first).map(moved);
      let at = 0;
      const repeated = head.map((one) => {
        const placed = { ...one, at };
        at += one.unit.length;
        return placed;
      });
      described = [...repeated, ...described.slice(before.length).map(moved)];
    },
    [Symbol.dispose]() {
      closeSync(file);
    },
  };
}

/** Opened anew by whoever reads it (proc(5), /proc/[pid]/fd): from its beginning, also where it has no name. */
function pathOf(file: number): string {
  return `/proc/self/fd/${file}`;
}

function namelessFile(): number {
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-watch-'));
  try {
    return openSync(join(folder, 'capture'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeAll(file: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, at + done);
}

/** Copies `[from, to)` of one file to `at` of another; returns how many bytes that were. */
function copyFrom(source: number, from: number, to: number, target: number, at: number): number {
  const chunk = Buffer.alloc(Math.min(COPY_BYTES, Math.max(1, to - from)));
  let done = 0;
  while (from + done < to) {
    const size = readSync(source, chunk, 0, Math.min(chunk.length, to - from - done), from + done);
    if (size === 0) break;
    writeAll(target, chunk.subarray(0, size), at + done);
    done += size;
  }
  return done;
}
