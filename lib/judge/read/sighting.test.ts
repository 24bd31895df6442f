import { expect, test } from '@playwright/test';
import { pairRepeats, type Candidate } from './sighting.js';

const BAND = 25_000_000;
const seenAt = (...times: readonly number[]): Candidate[] =>
  times.map((ns, i) => ({
    probes: [0, 1],
    kind: 'na-solicited',
    ns,
    offset: 0,
    order: i + 1,
    bytes: new Uint8Array(0),
    original: 0,
  }));
const sent = (...times: readonly number[]) => Float64Array.from(times);

test('identical frames that leave one after the other are paired in order, though both copies come after both', () => {
  expect(pairRepeats(seenAt(200_000, 210_000), sent(0, 100_000), BAND)).toEqual([0, 1]);
});

test('a second copy before the next repeat is sent is a duplicate, not a copy of the next', () => {
  expect(pairRepeats(seenAt(50_000, 60_000, 100_050_000), sent(0, 100_000_000), BAND)).toEqual([0, 0, 1]);
});

test('a copy long after a lost repeat belongs to the later one', () => {
  expect(pairRepeats(seenAt(100_050_000), sent(0, 100_000_000), BAND)).toEqual([1]);
});

test('a copy beyond the band of every repeat is a late one of the last', () => {
  expect(pairRepeats(seenAt(500_000_000), sent(0, 100_000_000), BAND)).toEqual([1]);
});

test('a frame stamped just before its probe is its copy; one long before is nobody’s', () => {
  expect(pairRepeats(seenAt(999_500_000), sent(1_000_000_000, 2_000_000_000), BAND)).toEqual([0]);
  expect(pairRepeats(seenAt(900_000_000), sent(1_000_000_000, 2_000_000_000), BAND)).toEqual([-1]);
});

test('a repeat that was lost does not take the copy of its successor', () => {
  expect(pairRepeats(seenAt(20_100_000), sent(0, 20_000_000), BAND)).toEqual([1]);
});
