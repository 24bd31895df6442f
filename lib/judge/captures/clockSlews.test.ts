import { expect, test } from '@playwright/test';
import { dice } from '../../dice.js';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US, type MadeCaptures } from '../testing/captures.js';

const MINUTES = 8;

/** A host that says the same about every two seconds; copies on leaf-b come so much later. */
function minutes(later: (at: number, round: number) => number, period = 2 * SECOND): MadeCaptures {
  const captures = makeCaptures();
  const roll = dice(7);
  captures.alive(0, MINUTES * 60 * SECOND + SECOND);
  for (let round = 0; round * period < MINUTES * 60 * SECOND; round++) {
    const at = 500 * MS + round * period + roll() * 0.6 * period;
    captures.see(0, at, plainFrame('arp-reply-unicast'));
    captures.see(1, at + 20 * US + later(at, round), plainFrame('arp-reply-unicast'));
  }
  return captures;
}

/** What a clock that is slewed from a second on, for some seconds, is ahead. */
const slewed =
  (ppm: number, from: number, seconds: number) =>
  (at: number): number =>
    (Math.min(Math.max(at / SECOND - from, 0), seconds) * SECOND * ppm) / 1e6;

for (const [ppm, from, seconds] of [
  [500, 100, 380],
  [500, 0, 300],
  [-500, 100, 250],
  [1_000, 100, 200],
  [5_000, 200, 50],
  [60_000, 100, 5],
] as const)
  test(`a clock that NTP slews by ${ppm} ppm for ${seconds} s proves nothing`, () => {
    const ahead = slewed(ppm, from, seconds);
    const { judgement } = judgeFiles(minutes(() => 0).files([(at) => at, (at) => at + ahead(at)]));
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.reasons.join()).toContain('a clock was s');
  });

test('nor does one that makes a single copy late', () => {
  // As fast as the kernel slews, and back.
  const bump = (at: number): number => Math.max(0, 52 * MS - Math.abs(at - 240 * SECOND) * 500e-6);
  const captures = minutes(() => 0, 10 * SECOND);
  expect(judgeFiles(captures.files([(at) => at, (at) => at + bump(at)])).judgement.verdict).toBe('inconclusive');
});

for (const [what, later] of [
  ['now and then', (_, round) => (round % 20 === 11 ? 90 * MS : 0)],
  ['for a while', (_, round) => (round > 90 && round < 110 ? 90 * MS : 0)],
  ['ever later, for a while', (_, round) => (round > 90 && round < 110 ? (round - 90) * 40 * MS : 0)],
  ['by chance', (_, round) => (round % 5 === 2 ? ((round * 37) % 100) * MS : 0)],
] as const satisfies readonly (readonly [string, (at: number, round: number) => number])[])
  test(`copies that are late ${what} are late`, () => {
    const { judgement } = judgeFiles(minutes(later).files());
    expect(judgement.verdict).toBe('fail');
    expect(judgement.totals.late).toBeGreaterThan(3);
  });

test('copies that are late now and then are late, of a host that says little, too', () => {
  const captures = minutes((_, round) => (round % 3 === 1 ? 100 * MS : 0), 20 * SECOND);
  expect(judgeFiles(captures.files()).judgement.verdict).toBe('fail');
});
