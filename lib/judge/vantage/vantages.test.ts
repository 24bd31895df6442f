import { expect, test } from '@playwright/test';
import { carries, CLAIMS, UNDECLARED, VANTAGE_NAMES } from './vantages.js';

test('a declaration only takes claims away, and never whether a frame was there', () => {
  for (const claim of CLAIMS) expect(carries(UNDECLARED, claim, false)).toBe(true);
  for (const name of VANTAGE_NAMES) expect(carries({ name, losses: null }, 'reached', false)).toBe(true);
});

test('a counter that stood still gives a mirror back what only loss takes, and a trap not what it never had', () => {
  for (const claim of ['missing', 'once', 'data'] as const) {
    expect(carries({ name: 'span', losses: null }, claim, false)).toBe(false);
    expect(carries({ name: 'span', losses: 0 }, claim, false)).toBe(true);
    expect(carries({ name: 'span', losses: 3 }, claim, false)).toBe(false);
  }
  expect(carries({ name: 'trap', losses: 0 }, 'missing', false)).toBe(true);
  for (const claim of ['once', 'skew', 'data'] as const)
    expect(carries({ name: 'trap', losses: 0 }, claim, false)).toBe(false);
});

test('losses that were counted take away what they may explain, on a port, too', () => {
  expect(carries({ name: 'port', losses: 2 }, 'missing', false)).toBe(false);
  expect(carries({ name: null, losses: 2 }, 'missing', false)).toBe(false);
  expect(carries({ name: 'port', losses: 2 }, 'identity', false)).toBe(true);
});
