import { expect, test } from '@playwright/test';
import type { ClockRecord } from '../evidence/types.js';
import { DEFAULT_PROFILE } from '../profile/registry.js';
import { judge } from './judge.js';
import { makeLab, MS, type MadeLab } from './testing/lab.js';
import type { Judgement } from './types.js';
import { judgementText } from './tell/text.js';

const US = 1_000;
/** Each machine has a clock of its own, and each may be so much off. */
const clocks = (errorNs: number): readonly ClockRecord[] =>
  ['host', 'leaf-a', 'leaf-b'].map((name) => ({
    name,
    aheadNs: '-7',
    errorNs: String(errorNs),
    nodes: name === 'host' ? [name, 'vm1', 'vm2'] : [name],
  }));

/** The verdict where copies of one frame lie so far apart and the profile allows 1 ms. */
function judged(
  apartNs: number,
  record: readonly ClockRecord[],
  edit: (lab: MadeLab) => void = () => undefined,
): Judgement {
  const lab = makeLab();
  lab.deliver(lab.send('arp-request-broadcast'));
  const probe = lab.send('na-solicited');
  lab.copy(probe, 'leaf-a', { afterNs: 50 * US });
  lab.copy(probe, 'leaf-b', { afterNs: 50 * US + apartNs });
  edit(lab);
  return judge(lab.input({ clocks: record, profile: { ...DEFAULT_PROFILE, maxSkewNs: MS } }));
}

test('skew fails only beyond the error of both clocks, and within it is not judged, which is said', () => {
  const error = clocks(400 * US);
  for (const [apartNs, verdict, says] of [
    [100 * US, 'pass', 'nothing'],
    [0.9 * MS, 'pass', 'note'],
    [1.7 * MS, 'pass', 'note'],
    [1.9 * MS, 'fail', 'fail'],
  ] as const) {
    const { findings, claims, ...judgement } = judged(apartNs, error);
    const [found] = findings.filter(({ signature }) => signature === 'skew');
    expect([judgement.verdict, found?.verdict ?? 'nothing'], String(apartNs)).toEqual([verdict, says]);
    expect(claims?.notJudged['leaf-b']?.skew !== undefined, String(apartNs)).toBe(says === 'note');
    expect(judgement.skew).toMatchObject({ maxNs: Math.max(apartNs, 20 * US), errorNs: 800 * US });
  }
  const text = judgementText(judged(1.7 * MS, error));
  expect(text).toContain(
    'Not judged: whether the copies of 1 of 2 frames lay too far apart (times of leaf-a and leaf-b can be compared to 800 us only, and the profile allows 1 ms).',
  );
});

test('leaves that share a clock are compared exactly, and clocks of other nodes do not matter then', () => {
  const [host, first] = clocks(50 * MS);
  const shared = [...(host === undefined ? [] : [host]), { ...first, nodes: ['leaf-a', 'leaf-b'] } as ClockRecord];
  expect(judged(1.1 * MS, shared).verdict).toBe('fail');
  expect(judged(0.9 * MS, shared).findings).toEqual([]);
  expect(judged(1.1 * MS, []).verdict).toBe('fail');
});

test('a copy is late only beyond the error, and one that was stamped before its probe was sent is still its copy', () => {
  const late = (afterNs: number, record: readonly ClockRecord[]): Judgement => {
    const lab = makeLab();
    lab.deliver(lab.send('arp-request-broadcast'));
    const probe = lab.send('ns-multicast', { namedBy: 'content' });
    lab.copy(probe, 'leaf-a', { afterNs });
    lab.copy(probe, 'leaf-b');
    return judge(lab.input({ clocks: record, lateBandNs: 100 * MS }));
  };
  expect(late(110 * MS, []).reasons.join()).toContain('late');
  expect(late(110 * MS, clocks(6 * MS)).verdict).toBe('pass');
  expect(late(115 * MS, clocks(6 * MS)).verdict).toBe('fail');
  expect(late(-5 * MS, []).verdict).toBe('fail');
  expect(late(-5 * MS, clocks(6 * MS)).verdict).toBe('pass');
});

test('frames near the edge of a fault are not judged where the clocks do not tell on which side they were sent', () => {
  const nearEdge = (record: readonly ClockRecord[]): Judgement => {
    const lab = makeLab();
    lab.deliver(lab.send('arp-request-broadcast'));
    // Sent 12 ms before the leg went away, as the host's clock says.
    const probe = lab.send('arp-probe', { at: 488 * MS });
    lab.deliver(probe, ['leaf-a']);
    lab.edge('leg-b', 'down', 500 * MS);
    lab.edge('leg-b', 'up', 900 * MS);
    return judge(lab.input({ clocks: record, edgeBandNs: 10 * MS }));
  };
  expect(nearEdge([]).totals.missing).toBe(1);
  expect(nearEdge(clocks(2 * MS)).totals).toMatchObject({ missing: 0, inBand: 1 });
});
