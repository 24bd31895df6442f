import { expect, test } from '@playwright/test';
import { dice } from '../dice.js';
import { mutate } from '../fuzz/mutate.js';
import { judgeRandom } from './testing/judgeRandom.js';

/** More are judged by `node dist/lib/production/testing/random.js`. */
const SEEDS = Array.from({ length: 120 }, (_, i) => i + 1);

test('captures by chance are judged by what is true of them', () => {
  const seen = new Set<string>();
  for (const seed of SEEDS) {
    const { outcome, captures, judgement } = judgeRandom(seed);
    seen.add(outcome);
    expect({ seed, outcome, shape: captures.shape, reasons: judgement.reasons }).not.toMatchObject({
      outcome: /^false/.test(outcome) ? outcome : 'false',
    });
  }
  expect([...seen].filter((outcome) => ['pass', 'fail', 'inconclusive'].includes(outcome)).sort()).toEqual([
    'fail',
    'inconclusive',
    'pass',
  ]);
});

test('broken captures of mirrors are judged without a throw, and every figure is a number', () => {
  for (const seed of SEEDS) {
    const roll = dice(seed);
    const { judgement } = judgeRandom(seed, (bytes) => (roll() < 0.7 ? mutate(bytes, roll) : bytes));
    expect(JSON.stringify(judgement)).not.toMatch(/NaN|Infinity/);
  }
});
