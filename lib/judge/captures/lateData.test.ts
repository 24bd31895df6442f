import { expect, test } from '@playwright/test';
import { acknowledgment } from '../testing/bareAcks.js';
import { judgeFiles, MS, plainFrame, SECOND, type Time } from '../testing/captures.js';
import { AHEAD, minute, signatures } from '../testing/minute.js';
import type { Judgement } from '../types.js';

const ROUNDS = 40;
const IPV4_ID = 18;

type Saying = readonly [leaf: number, after: Time];

/** Of the host, again and again, each time something else: on which leaves, and how much later. */
function judged(
  frame: (round: number) => Uint8Array,
  sayings: readonly Saying[],
  rounds = ROUNDS,
  everyNs = SECOND,
): Judgement {
  const captures = minute();
  for (let round = 0; round < rounds; round++)
    for (const [leaf, after] of sayings)
      captures.see(leaf, 10 * SECOND + round * everyNs + 300 * MS + after, frame(round));
  return judgeFiles(captures.files(AHEAD)).judgement;
}

const numbered = (round: number): Uint8Array => plainFrame('data-udp', { variation: 5_000 + 2 * round });

function withoutNumber(round: number): Uint8Array {
  const frame = numbered(round);
  frame.set([0, 0], IPV4_ID);
  return frame;
}

test('data that is copied more than 50 ms later does not pass', () => {
  for (const after of [60 * MS, 250 * MS, 900 * MS]) {
    const late: readonly Saying[] = [
      [0, 0],
      [1, after],
    ];
    const judgement = judged(numbered, late);
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.reasons.join()).toContain('40 data frames from 02:00:00:00:01:0a were on another leaf once more');
    // Beside what the host says once.
    expect(judged(withoutNumber, late).verdict).toBe('pass');
    const most = judged(withoutNumber, late, 400, 110 * MS);
    expect(most.verdict).toBe('inconclusive');
    expect(most.reasons.join()).toContain('400 data frames from 02:00:00:00:01:0a were on another leaf once more');
  }
});

test('one late copy tells where packets are numbered, and may be the host where they are not', () => {
  const late: readonly Saying[] = [
    [1, 0],
    [0, 400 * MS],
  ];
  expect(judged(numbered, late, 1).verdict).toBe('inconclusive');
  expect(judged(withoutNumber, late, 1).verdict).toBe('pass');
});

test('what a host says again and again goes over each of its legs', () => {
  const often = Array.from({ length: 8 }, (_, i): Saying => [i % 2, i * 100 * MS]);
  expect(judged(numbered, often).verdict).toBe('pass');
});

test('what a host says again goes over the same leg', () => {
  const again: readonly Saying[] = [
    [0, 0],
    [0, 300 * MS],
  ];
  expect(judged(numbered, again).verdict).toBe('pass');
});

test('acknowledgments that no number tells apart may be said on each leg', () => {
  for (const after of [300_000, 20 * MS]) {
    const twice: readonly Saying[] = [
      [0, 0],
      [1, after],
    ];
    const judgement = judged((round) => acknowledgment(6, round), twice);
    expect(signatures(judgement)).toEqual(['no-proof-of-life']);
    expect(judgement.verdict).toBe('inconclusive');
    expect(signatures(judged((round) => acknowledgment(6, round, true), twice))).toEqual(['data-replicated']);
  }
});
