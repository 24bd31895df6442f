import { expect, test } from '@playwright/test';
import { dice } from '../../dice.js';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US } from '../testing/captures.js';
import { failuresOf } from '../testing/situation.js';
import type { Judgement } from '../types.js';
import type { ClaimName, Vantage } from '../vantage/vantages.js';

const ON_WIRE: Vantage = { name: 'port', losses: null };

interface World {
  /** Of the frames on leaf-b. */
  readonly doubled: number;
  readonly later: readonly [from: number, to: number];
  readonly vantage?: Vantage;
  readonly demanded?: readonly ClaimName[];
  /** Leaf-b lacks one frame, and its second copy. */
  readonly isOneLost?: boolean;
  /** Leaf-a lacks the second of two equal answers. */
  readonly isAnswerLost?: boolean;
  readonly frames?: number;
}

function judged({
  doubled,
  later: [from, to],
  vantage,
  demanded,
  isOneLost,
  isAnswerLost,
  frames = 60,
}: World): Judgement {
  const roll = dice(9);
  const captures = makeCaptures();
  captures.alive(0, (frames / 5 + 1) * SECOND);
  for (let i = 0; i < frames; i++) {
    const at = 500 * MS + i * 190 * MS + roll() * 40 * MS;
    const kind = i % 3 === 0 ? 'garp-request' : i % 3 === 1 ? 'arp-request-broadcast' : 'ns-multicast';
    const frame = plainFrame(kind, { variation: i + 1 });
    captures.see(0, at, frame);
    if (isOneLost === true && i === 31) continue;
    const see = (ns: number): void => {
      captures.see(1, ns, frame);
      if (roll() < doubled) captures.see(1, ns + (from + (to - from) * roll()) * MS, frame);
    };
    see(at + roll() * 40 * US);
    if (isAnswerLost === true && i === 32) see(at + 45 * MS);
  }
  return judgeFiles(captures.files(), {
    declared: {
      demanded: demanded ?? null,
      vantages: new Map(vantage === undefined ? [] : [['leaf-a', ON_WIRE] as const, ['leaf-b', vantage] as const]),
    },
  }).judgement;
}

const TWICE = /of \d+ neighbor frames came there twice, and not at once/;
const TRAP = { name: 'trap', losses: 0 } as const;

for (const later of [
  [2.1, 4],
  [4, 9],
  [0.5, 12],
  [20, 45],
] as const)
  test(`second copies ${later.join(' to ')} ms later, of nearly all frames of a leaf, are its vantage's`, () => {
    for (const doubled of [1, 0.95]) {
      const judgement = judged({ doubled, later });
      expect(judgement.verdict).toBe('inconclusive');
      expect(failuresOf(judgement)).toEqual([]);
      expect(judgement.totals).toMatchObject({ probes: 60, late: 0 });
      expect(judgement.reasons.join()).toMatch(TWICE);
      // A trap shows that; of anything else it is not asked.
      const asked = judged({ doubled, later, vantage: TRAP, demanded: ['reached', 'missing'] });
      expect(asked.verdict).toBe('pass');
      expect(asked.findings.map(({ sentence }) => sentence).join()).toContain('frames seen there more than once');
      // On a port they are frames.
      expect(judged({ doubled, later, vantage: ON_WIRE }).verdict).toBe('fail');
      expect(judged({ doubled, later, isOneLost: true }).verdict).not.toBe('pass');
      expect(
        judged({ doubled, later, isOneLost: true, vantage: TRAP, demanded: ['reached', 'missing'] }),
      ).toMatchObject({
        verdict: 'fail',
        byLeaf: { 'leaf-a': { missing: 0 }, 'leaf-b': { missing: 1 } },
      });
    }
  });

test('of a half of the frames they are none, and what other leaves lack is missing', () => {
  for (const vantage of [{ name: null, losses: null }, TRAP]) {
    const judgement = judged({ doubled: 0.5, later: [20, 45], vantage });
    expect(judgement.verdict).toBe('fail');
    expect(judgement.byLeaf['leaf-a']?.missing).toBeGreaterThan(20);
  }
});

test('each frame has one second copy: what comes three times was said again, and another leaf lacks it', () => {
  const judgement = judged({
    doubled: 1,
    later: [3, 9],
    isAnswerLost: true,
    vantage: TRAP,
    demanded: ['reached', 'missing'],
  });
  expect(judgement.verdict).toBe('fail');
  expect(judgement.byLeaf['leaf-a']?.missing).toBeGreaterThan(0);
});

test('of more frames than are kept the share decides, too', () => {
  expect(judged({ doubled: 1, later: [3, 9], frames: 5_000 })).toMatchObject({
    verdict: 'inconclusive',
    totals: { probes: 5_000, missing: 0 },
  });
  const half = judged({ doubled: 0.85, later: [20, 45], frames: 5_500, vantage: { name: null, losses: null } });
  expect(half.verdict).toBe('fail');
  expect(half.byLeaf['leaf-a']?.missing).toBeGreaterThan(4_500);
});

test('they are none where other leaves have second copies of other frames: a replicator sends beside the bond', () => {
  const roll = dice(4);
  const captures = makeCaptures();
  captures.alive(0, 40 * SECOND);
  for (let i = 0; i < 180; i++) {
    const at = 500 * MS + i * 200 * MS + roll() * 100 * MS;
    const kind = i % 3 === 0 ? 'garp-request' : i % 3 === 1 ? 'arp-request-broadcast' : 'ns-multicast';
    const frame = plainFrame(kind, { variation: i + 1 });
    captures.see(0, at, frame);
    captures.see(1, at + 30 * US, frame);
    // By its hash the bond sends it to this leaf once more; one of them is busy.
    if (roll() < 0.5) captures.see(0, at + 200 * US, frame);
    else captures.see(1, at + 4 * MS, frame);
  }
  const judgement = judgeFiles(captures.files(), {}).judgement;
  expect(judgement.verdict).toBe('fail');
  const against = judgement.findings.filter(({ verdict }) => verdict === 'fail');
  expect(against.map(({ leaf, signature }) => `${signature} ${leaf ?? ''}`)).toEqual(
    expect.arrayContaining(['duplicate leaf-a', 'missing leaf-a']),
  );
  // A policer would have dropped the second copies, too.
  expect(judgement.reasons.join()).not.toMatch(/policer|came there twice, and not at once/);
});
