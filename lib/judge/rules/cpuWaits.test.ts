import { expect, test } from '@playwright/test';
import type { CpuWait } from '../../evidence/types.js';
import { DEFAULT_PROFILE } from '../../profile/registry.js';
import { judge } from '../judge.js';
import { makeLab, MS, type MadeLab } from '../testing/lab.js';

const OPEN = 1_760_000_000_000_000_000n;
const at = (ms: number): string => String(OPEN + BigInt(ms * MS));
const wait = (fromMs: number, toMs: number, waitedMs: number): CpuWait => ({
  node: 'host',
  fromNs: at(fromMs),
  toNs: at(toMs),
  waitedNs: waitedMs * MS,
});

/** One frame, sent at 1 s, that came to leaf-b after 1 s. */
function lateBySecond(): MadeLab {
  const lab = makeLab();
  const probe = lab.send('na-solicited', { at: 1_000 * MS });
  lab.copy(probe, 'leaf-a');
  lab.copy(probe, 'leaf-b', { afterNs: 1_000 * MS });
  return lab;
}

const verdict = (lab: MadeLab, ...cpuWaits: readonly CpuWait[]) => judge(lab.input({ cpuWaits })).verdict;

test('a late copy is inconclusive when the switch had no CPU meanwhile, and the machine is said to be the reason', () => {
  const lab = lateBySecond();
  expect(verdict(lab)).toBe('fail');
  const judgement = judge(lab.input({ cpuWaits: [wait(1_000, 1_980, 950)] }));
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons.join(' ')).toContain(
    "The machine was too busy: the host's switch waited for a CPU, up to 950 ms at a time, while 1 frame that came late was on the way.",
  );
  expect(verdict(lab, wait(900, 1_400, 490), wait(1_400, 2_100, 690))).toBe('inconclusive');
});

test('it still fails when the wait explains too little of the delay, or was at another time', () => {
  const lab = lateBySecond();
  // Half of it, but without that it would still have been late.
  expect(verdict(lab, wait(1_000, 2_000, 500))).toBe('fail');
  expect(verdict(lab, wait(1_000, 1_400, 400))).toBe('fail');
  expect(verdict(lab, wait(100, 1_000, 900), wait(2_000, 3_000, 900))).toBe('fail');
  // Of a long wait only what can have been in the frame's time counts.
  expect(verdict(lab, wait(0, 1_300, 1_200))).toBe('fail');
});

test('less than half of a delay excuses nothing, however little is too late', () => {
  const lab = makeLab();
  const probe = lab.send('na-solicited', { at: 1_000 * MS });
  lab.copy(probe, 'leaf-a');
  lab.copy(probe, 'leaf-b', { afterNs: 300 * MS });
  const judged = (waitedMs: number) =>
    judge(lab.input({ lateBandNs: 250 * MS, cpuWaits: [wait(1_000, 1_300, waitedMs)] })).verdict;
  expect([judged(140), judged(160)]).toEqual(['fail', 'inconclusive']);
});

test('one late copy that no wait explains keeps the failure', () => {
  const lab = lateBySecond();
  const second = lab.send('na-solicited', { at: 4_000 * MS });
  lab.copy(second, 'leaf-a');
  lab.copy(second, 'leaf-b', { afterNs: 1_000 * MS });
  expect(verdict(lab, wait(1_000, 2_000, 990))).toBe('fail');
  expect(verdict(lab, wait(1_000, 2_000, 990), wait(4_000, 5_000, 990))).toBe('inconclusive');
});

test('each leaf is excused by the waits of its own copies', () => {
  const lab = makeLab();
  const probe = lab.send('na-solicited', { at: 1_000 * MS });
  lab.copy(probe, 'leaf-a', { afterNs: 3_000 * MS });
  lab.copy(probe, 'leaf-b', { afterNs: 1_000 * MS });
  const { findings } = judge(lab.input({ cpuWaits: [wait(1_000, 2_000, 990)] }));
  expect(
    findings.flatMap(({ signature, leaf, verdict: said }) => (signature === 'late' ? [`${leaf} ${said}`] : [])),
  ).toEqual(['leaf-a fail', 'leaf-b inconclusive']);
});

test('copies too far apart are excused alike; what is missing or doubled never is', () => {
  const lab = makeLab();
  const probe = lab.send('na-solicited', { at: 1_000 * MS });
  lab.copy(probe, 'leaf-a');
  lab.copy(probe, 'leaf-b', { afterNs: 100 * MS });
  const profile = { ...DEFAULT_PROFILE, maxSkewNs: 20 * MS };
  const judged = (...cpuWaits: readonly CpuWait[]) => judge(lab.input({ cpuWaits }), profile).verdict;
  expect([judged(), judged(wait(1_000, 1_100, 95)), judged(wait(1_000, 1_100, 60))]).toEqual([
    'fail',
    'inconclusive',
    'fail',
  ]);
  const missing = makeLab();
  missing.deliver(missing.send('na-solicited', { at: 1_000 * MS }), ['leaf-a']);
  expect(verdict(missing, wait(1_000, 3_000, 1_990))).toBe('fail');
  const twice = lateBySecond();
  twice.deliver(twice.send('na-solicited', { at: 1_500 * MS }), ['leaf-a', 'leaf-b', 'leaf-b']);
  expect(verdict(twice, wait(1_000, 2_000, 990))).toBe('fail');
});
