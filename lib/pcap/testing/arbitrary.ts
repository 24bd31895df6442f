import fc from 'fast-check';
import { classicCapture, FLAVOURS, richNgCapture, type TestFrame } from './captures.js';

const anyFrame: fc.Arbitrary<TestFrame> = fc.record({
  seconds: fc.integer({ min: 0, max: 0xffffffff }),
  nanos: fc.integer({ min: 0, max: 999_999_999 }),
  frame: fc.uint8Array({ maxLength: 90 }),
});

/** A correct capture of any format and flavour. */
export const anyCapture: fc.Arbitrary<Uint8Array> = fc
  .record({
    frames: fc.array(anyFrame, { maxLength: 6 }),
    flavour: fc.constantFrom(...FLAVOURS),
    ng: fc.boolean(),
    sections: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ frames, flavour, ng, sections }) =>
    ng
      ? Uint8Array.from(
          Array.from({ length: sections }, (_, i) => richNgCapture(frames, flavour.bigEndian !== (i === 1))).flat(),
        )
      : classicCapture(frames, flavour),
  );

/** A capture with bytes overwritten, bits flipped, an absurd length put in, and its end cut off. */
export const anyDamagedCapture: fc.Arbitrary<Uint8Array> = fc
  .record({
    capture: anyCapture,
    edits: fc.array(
      fc.record({ at: fc.nat(), value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), length: fc.constantFrom(1, 2, 4) }),
      { maxLength: 4 },
    ),
    keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ capture, edits, keep }) => {
    const out = Uint8Array.from(capture);
    for (const { at, value, length } of edits) out.fill(value, at % out.length, (at % out.length) + length);
    return out.subarray(0, Math.round(out.length * keep));
  });
