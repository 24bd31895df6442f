import { expect, test } from '@playwright/test';
import { UserError } from '../userError.js';
import { declaredBy, type ClaimOptions } from './captureClaims.js';

const LEAVES = ['leaf-a', 'leaf-b'];

test('vantages, losses and demands are read', () => {
  const { vantages, demanded } = declaredBy(
    { vantage: ['leaf-b=trap'], losses: ['leaf-b=0', 'leaf-a=7'], demand: 'reached, once,reached' },
    LEAVES,
  );
  expect([...vantages]).toEqual([
    ['leaf-b', { name: 'trap', losses: 0 }],
    ['leaf-a', { name: null, losses: 7 }],
  ]);
  expect(demanded).toEqual(['reached', 'once']);
  expect(declaredBy({}, LEAVES)).toEqual({ vantages: new Map(), demanded: null });
});

const WRONG: readonly (readonly [ClaimOptions, string])[] = [
  [{ vantage: ['leaf-b=radar'] }, 'unknown vantage "radar"'],
  [{ vantage: ['leaf-c=trap'] }, 'there is no leaf "leaf-c"'],
  [{ vantage: ['trap'] }, '--vantage trap names no leaf'],
  [{ vantage: ['leaf-b=trap', 'leaf-b=span'] }, 'leaf-b has two vantages: trap and span'],
  [{ losses: ['leaf-b=many'] }, '"many" is not a number of frames'],
  [{ losses: ['leaf-b=-1'] }, '"-1" is not a number of frames'],
  [{ demand: 'reached,all' }, 'unknown claim "all"'],
  [{ demand: '' }, 'unknown claim ""'],
];

for (const [options, text] of WRONG)
  test(`${JSON.stringify(options)} is told in one sentence`, () => {
    expect(() => declaredBy(options, LEAVES)).toThrow(UserError);
    expect(() => declaredBy(options, LEAVES)).toThrow(text);
  });
