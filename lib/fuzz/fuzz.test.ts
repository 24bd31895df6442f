import { expect, test } from '@playwright/test';
import { dice } from '../dice.js';
import type { Judgement } from '../judge/types.js';
import { judgeHere } from '../production/testing/judgeHere.js';
import { samples } from '../testing/samples.js';
import { corpus, CORPUS_HOST, ownCaptures } from './corpus.js';
import { mutate } from './mutate.js';
import { runFuzz } from './run.js';

function judge(files: readonly Uint8Array[]): Judgement {
  return judgeHere(files, { hosts: [CORPUS_HOST], ring: 0x400 });
}

const INPUTS = samples(150, 2_000);

test('broken inputs keep every promise, and some of them are still judged', () => {
  const result = runFuzz({ count: INPUTS, seed: 20_260_101 });
  expect(result.failures).toEqual([]);
  expect(result.inputs).toBe(INPUTS);
  for (const outcome of [
    'pass',
    'fail',
    'inconclusive',
    'profile refused',
    'journal: something to undo',
    'journal: damaged',
    'bundle refused',
    'bundle made of what is refused',
    'bundle with other files',
  ])
    expect(result.seen[outcome] ?? 0).toBeGreaterThan(0);
});

test('what is broken is unbroken before', () => {
  for (const { name, files } of corpus())
    expect({ name, verdict: judge(files).verdict }).toEqual({ name, verdict: 'pass' });
});

test('a capture that is cut, at whatever byte, never passes unless it was cut between two frames', () => {
  const [pair] = ownCaptures();
  if (pair === undefined) throw new Error('no corpus');
  const [a, long] = pair.files;
  const whole = new Set<number>();
  const view = new DataView(long.buffer, long.byteOffset);
  let end = 24;
  for (; whole.size < 12; end += 16 + view.getUint32(end + 8, true)) whole.add(end);
  const b = long.subarray(0, end);
  const step = samples(3, 1);
  const first = Math.floor(Math.random() * step);
  for (let length = 0; length < b.length; length++) {
    if (!whole.has(length) && length % step !== first) continue;
    const judgement = judge([a, b.subarray(0, length)]);
    if (whole.has(length)) {
      expect(judgement.certificates['leaf-b']?.problems.join()).not.toContain('damaged');
      continue;
    }
    expect({ length, verdict: judgement.verdict, valid: judgement.certificates['leaf-b']?.valid }).toEqual({
      length,
      verdict: 'inconclusive',
      valid: false,
    });
  }
});

test('accidents are the same for the same seed, and leave the original alone', () => {
  const original = Uint8Array.from({ length: 200 }, (_, i) => i);
  const kept = Uint8Array.from(original);
  for (let seed = 0; seed < 50; seed++) expect(mutate(original, dice(seed))).toEqual(mutate(original, dice(seed)));
  expect(original).toEqual(kept);
});
