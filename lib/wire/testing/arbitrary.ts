import fc from 'fast-check';
import { buildFrame } from '../build.js';
import { KINDS } from '../kinds.js';
import { SAMPLE, TAG_FORMS } from './catalogue.js';

/** A correct frame of any kind, tag form and variation. */
export const anyCatalogueFrame: fc.Arbitrary<Uint8Array> = fc
  .record({ kind: fc.constantFrom(...KINDS), tags: fc.constantFrom(...TAG_FORMS), variation: fc.nat(), id: fc.nat() })
  .map(({ kind, tags, variation, id }) => buildFrame(kind.id, { ...SAMPLE, tags, variation, id }));

/** A frame of the catalogue with a few bytes overwritten and its end cut off: what reaches deep into a decoder. */
export const anyMutatedFrame: fc.Arbitrary<Uint8Array> = fc
  .record({
    frame: anyCatalogueFrame,
    edits: fc.array(fc.tuple(fc.nat(120), fc.integer({ min: 0, max: 255 })), { maxLength: 5 }),
    cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(120) }),
  })
  .map(({ frame, edits, cut }) => {
    const out = Uint8Array.from(frame);
    for (const [at, value] of edits) if (at < out.length) out[at] = value;
    return out.subarray(0, Math.max(0, out.length - cut));
  });

/** Mutated frames and plain noise. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: anyMutatedFrame },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
);
