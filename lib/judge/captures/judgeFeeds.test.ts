import { expect, test } from '@playwright/test';
import { judgeFiles, MS, SECOND, US } from '../testing/captures.js';
import { AHEAD, minute } from '../testing/minute.js';

test('frames on every leaf once, data on one, are a pass; clocks that differ are measured', () => {
  const { judgement } = judgeFiles(minute().files(AHEAD));
  expect(judgement.findings).toEqual([]);
  expect(judgement.verdict).toBe('pass');
  expect(judgement.totals).toMatchObject({ probes: 295, delivered: 295, dataFrames: 295, dataDuplicated: 0 });
  const clock = judgement.clock['leaf-b'];
  expect(Number(clock?.offsetNs)).toBeGreaterThan(3.5 * SECOND - 100 * US);
  expect(Number(clock?.offsetNs)).toBeLessThan(3.5 * SECOND + 100 * US);
  expect(clock?.driftPpm).toBeGreaterThan(38);
  expect(clock?.driftPpm).toBeLessThan(42);
  expect(Number(clock?.errorNs)).toBeLessThan(50 * US);
  expect(judgement.skew?.maxNs).toBeLessThan(200 * US);
});

test('the same captures in chunks of any size give the same bytes', () => {
  const files = minute(3, (at, leaf) => (at % (3 * SECOND) === 500 * MS && leaf === 1 ? 0 : 1)).files(AHEAD);
  const whole = JSON.stringify(judgeFiles(files).judgement);
  expect(whole).toContain('"verdict":"fail"');
  expect(JSON.stringify(judgeFiles(files, { chunk: 777 }).judgement)).toBe(whole);
  expect(JSON.stringify(judgeFiles(files).judgement)).toBe(whole);
});

test('four leaves, each with a clock of its own', () => {
  const clocks = [0, 1, 2, 3].map((i) => (at: number) => at * (1 + i * 15e-6) - i * 1.7 * SECOND + 20 * SECOND);
  const { judgement } = judgeFiles(
    minute(4, (at, leaf) => (leaf === 3 && at > 30 * SECOND && at < 31 * SECOND ? 0 : 1)).files(clocks),
  );
  expect(judgement.verdict).toBe('fail');
  expect(judgement.byLeaf).toMatchObject({
    'leaf-a': { missing: 0 },
    'leaf-b': { missing: 0 },
    'leaf-c': { missing: 0 },
    'leaf-d': { missing: 5 },
  });
  expect(Object.keys(judgement.clock)).toEqual(['leaf-b', 'leaf-c', 'leaf-d']);
});
