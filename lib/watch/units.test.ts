import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { createCaptureParser } from '../pcap/parser.js';
import { anyCapture, anyDamagedCapture } from '../pcap/testing/arbitrary.js';
import { createUnitCutter } from './units.js';

interface Cut {
  readonly bytes: Uint8Array;
  readonly seconds: readonly number[];
  readonly isBroken: boolean;
}

/** What comes of a capture that arrives in pieces: all whole units, in their order, and what is left. */
function cut(capture: Uint8Array, sizes: readonly number[]): Cut {
  const out: Uint8Array[] = [];
  const seconds: number[] = [];
  const cutter = createUnitCutter({
    header: (bytes) => void out.push(bytes.slice()),
    described: (bytes) => void out.push(bytes.slice()),
    unit(bytes, at) {
      out.push(bytes.slice());
      if (at !== null) seconds.push(at);
    },
  });
  // One place for all pieces, as whoever follows a file has it.
  const place = Buffer.alloc(Math.max(...sizes));
  for (let at = 0, i = 0; at < capture.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    const piece = capture.subarray(at, at + size);
    place.set(piece);
    cutter.push(place.subarray(0, piece.length));
    at += size;
  }
  return { bytes: Buffer.concat([...out, cutter.rest()]), seconds, isBroken: cutter.isBroken() };
}

function timesOf(capture: Uint8Array): { readonly seconds: readonly number[]; readonly isDamaged: boolean } {
  const seconds: number[] = [];
  const parser = createCaptureParser({
    frame: (_bytes, _start, _captured, _original, at) => void seconds.push(at),
  });
  parser.push(capture);
  return { seconds, isDamaged: parser.end().damage !== null };
}

const anySizes = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 5 });

test('whole pieces and the rest are the capture, however it comes; and its times are those that the reader finds', () => {
  fc.assert(
    fc.property(anyCapture, anySizes, (capture, sizes) => {
      const { bytes, seconds, isBroken } = cut(capture, sizes);
      expect(Buffer.from(bytes).equals(Buffer.from(capture))).toBe(true);
      expect(isBroken).toBe(false);
      // A simple packet has no time: the reader puts it at 0 s.
      const told = timesOf(capture).seconds;
      expect(seconds.filter((at) => at !== 0)).toEqual(told.filter((at) => at !== 0));
    }),
  );
});

test('of a damaged capture nothing is lost that its reader could take, and nothing is thrown', () => {
  fc.assert(
    fc.property(anyDamagedCapture, anySizes, (capture, sizes) => {
      const { bytes, isBroken } = cut(capture, sizes);
      const before = timesOf(capture);
      // What is broken is kept up to where it breaks: its reader finds as many frames, and the same damage or a cut.
      const after = timesOf(bytes);
      expect(after.seconds).toEqual(before.seconds);
      if (isBroken) expect(after.isDamaged).toBe(true);
    }),
  );
});
