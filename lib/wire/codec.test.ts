import fc from 'fast-check';
import { expect, test } from '@playwright/test';
import { decodeFrame } from './decode.js';
import { encodeFrame } from './testing/encode.js';
import { WireError } from './error.js';
import type { DecodedFrame } from './layers.js';
import { anyBytes } from './testing/arbitrary.js';
import { catalogueFrames } from './testing/catalogue.js';

test('every kind decodes and encodes to the same bytes', () => {
  for (const { kind, tags, frame } of catalogueFrames()) {
    const decoded = decodeFrame(frame);
    expect(decoded.tags, kind).toEqual(tags);
    expect(Buffer.compare(encodeFrame(decoded), frame), kind).toBe(0);
  }
});

test('any bytes either decode without loss or throw WireError', () => {
  let whole = 0;
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      let decoded: DecodedFrame;
      try {
        decoded = decodeFrame(bytes);
      } catch (error) {
        return error instanceof WireError;
      }
      whole++;
      return Buffer.compare(encodeFrame(decoded), bytes) === 0;
    }),
    { numRuns: 2000 },
  );
  // The property would hold trivially if nothing decoded.
  expect(whole).toBeGreaterThan(500);
});

test('a header that is cut short says where', () => {
  expect(() => decodeFrame(new Uint8Array(13))).toThrow('cut short (byte 13)');
});
