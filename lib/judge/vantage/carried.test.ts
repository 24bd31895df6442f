import { expect, test } from '@playwright/test';
import { ALTERED, LATE } from '../read/sightingBits.js';
import type { Pattern } from '../rules/pattern.js';
import { NO_EXCUSE, settleCarried, type Excuse } from './carried.js';
import type { ClaimName } from './vantages.js';

const on =
  (leaf: number, claim: ClaimName): Excuse =>
  (at, of) =>
    at === leaf && of === claim;

function settled(words: readonly number[], excuse: Excuse, skewed = false) {
  const pattern: Pattern = {
    sender: 1,
    kind: 0,
    form: 'untagged',
    owed: 'replicated',
    words: Uint8Array.from(words),
    skewed,
    weight: 3,
    probes: [],
  };
  return settleCarried(pattern, [true, true], true, excuse);
}

for (const [claim, word, outcome] of [
  ['once', 2, 'duplicate'],
  ['identity', 1 | ALTERED, 'altered'],
  ['skew', 1 | LATE, 'late'],
] as const)
  test(`what is ${outcome} counts, unless the vantage of that leaf does not carry it`, () => {
    for (const excuse of [NO_EXCUSE, on(0, claim)])
      expect(settled([1, word], excuse)).toMatchObject({ settled: { outcomes: ['delivered', outcome] }, taken: [] });
    expect(settled([1, word], on(1, claim))).toMatchObject({
      settled: { outcomes: ['delivered', 'delivered'], verdict: 'pass' },
      taken: [{ leaf: 1, claim, weight: 3 }],
    });
  });

test('copies too far apart fail only where both leaves carry skew', () => {
  expect(settled([1, 1], NO_EXCUSE, true).settled.verdict).toBe('fail');
  expect(settled([1, 1], on(1, 'skew'), true).settled.verdict).toBe('pass');
});
