import fc from 'fast-check';
import { expect, test } from '@playwright/test';
import { createClock } from './timestamp.js';

const BILLION = 1_000_000_000n;

for (const resolution of [
  0, 1, 3, 6, 7, 9, 10, 12, 15, 18, 19, 0x80, 0x81, 0x89, 0x94, 0x9e, 0x9f, 0xa0, 0xa1, 0xb0, 0xbf,
]) {
  test(`if_tsresol 0x${resolution.toString(16)} against exact arithmetic`, () => {
    const exponent = BigInt(resolution & 0x7f);
    const perSecond = (resolution & 0x80) === 0 ? 10n ** exponent : 2n ** exponent;
    const clock = createClock(resolution, 5);
    if (clock === null) throw new Error('no clock');
    const word = fc.oneof(
      fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff),
      fc.integer({ min: 0, max: 0xffffffff }),
    );
    fc.assert(
      fc.property(word, word, (high, low) => {
        const units = (BigInt(high) << 32n) + BigInt(low);
        const seconds = units / perSecond;
        // Whatever is out of range is damage; there the seconds need not be exact.
        if (seconds > 9_223_372_030n) return;
        clock.read(high, low);
        expect([clock.seconds, clock.nanos]).toEqual([
          Number(seconds) + 5,
          Number(((units % perSecond) * BILLION) / perSecond),
        ]);
      }),
      { numRuns: 150 },
    );
  });
}

test('no clock for units that never reach a second', () => {
  expect([20, 127, 0xc0, 0xff].map((resolution) => createClock(resolution, 0))).toEqual([null, null, null, null]);
});
