import { expect, test } from '@playwright/test';
import { judgementText, verdictSentence } from '../tell/text.js';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US } from '../testing/captures.js';
import type { Judgement } from '../types.js';
import { CLAIMS, DEMANDED, VANTAGE_NAMES, type ClaimName, type VantageName } from '../vantage/vantages.js';

const KINDS = ['arp-request-broadcast', 'arp-reply-unicast', 'ns-multicast', 'na-solicited'] as const;

interface Asked {
  /** How often leaf-b sees the frame of this number. */
  readonly copies?: (i: number) => number;
  readonly vantage?: VantageName;
  readonly losses?: number;
  readonly demanded?: readonly ClaimName[];
  readonly data?: 'none' | 'once' | 'copied';
}

function judged({ copies = () => 1, vantage, losses, demanded = DEMANDED, data = 'once' }: Asked): Judgement {
  const captures = makeCaptures();
  captures.alive(0, 31 * SECOND);
  for (let i = 0; i < 60; i++) {
    const at = 500 * MS + i * 480 * MS + ((i * i * 37) % 97) * MS;
    const frame = plainFrame(KINDS[i % KINDS.length] ?? 'ns-multicast', { variation: i + 1 });
    captures.see(0, at, frame);
    for (let copy = 0; copy < copies(i); copy++) captures.see(1, at + (15 + (i % 9) * 7) * US + copy * 120 * US, frame);
    if (data === 'none') continue;
    const udp = plainFrame('data-udp', { variation: i + 1 });
    for (const leaf of data === 'copied' ? [0, 1] : [i % 2])
      captures.see(leaf, at + 200 * MS + leaf * (i % 7) * 9 * US, udp);
  }
  const said =
    vantage === undefined && losses === undefined
      ? []
      : [['leaf-b', { name: vantage ?? null, losses: losses ?? null }] as const];
  return judgeFiles(captures.files(), { declared: { demanded, vantages: new Map(said) } }).judgement;
}

test('a pass without any data says that data was not judged', () => {
  expect(verdictSentence(judged({ data: 'none' }))).toBe(
    'Each of 60 neighbor frames reached both leaf-a and leaf-b exactly once; data: not judged here.',
  );
  expect(verdictSentence(judged({}))).toMatch(/exactly once, and each of 60 other frames was sent once\.$/);
});

test('what is demanded and cannot be carried is never a pass, whatever the frames show', () => {
  for (const vantage of VANTAGE_NAMES)
    for (const claim of CLAIMS.filter((name) => name !== 'reflection')) {
      const { verdict, claims, reasons } = judged({ vantage, demanded: [claim] });
      const isCarried = claims?.notJudged['leaf-b']?.[claim] === undefined;
      expect({ vantage, claim, verdict, reasons }).toMatchObject({ verdict: isCarried ? 'pass' : 'inconclusive' });
    }
});

test('a trap is told apart claim by claim, and a pass says no more than it stands for', () => {
  const whole = judged({ vantage: 'trap' });
  expect(whole.verdict).toBe('inconclusive');
  expect(whole.reasons.join('\n')).toContain(
    'The capture of leaf-b cannot carry "exactly once": trap to the CPU of the leaf.',
  );
  const reached = judged({ vantage: 'trap', demanded: ['reached'] });
  expect(reached.verdict).toBe('pass');
  expect(verdictSentence(reached)).toBe(
    'Each of 60 neighbor frames reached both leaf-a and leaf-b at least once; that a copy is missing, exactly once, tags, skew, data: not judged here.',
  );
  expect(judgementText(reached)).toMatch(/once +judged +·/);
  expect(judgementText(reached)).toMatch(/data-udp +· +·/);
});

test('every frame twice on one leaf is no failure and no pass, unless it is said what that leaf is', () => {
  const twice = { copies: () => 2 };
  const unknown = judged(twice);
  expect(unknown.verdict).toBe('inconclusive');
  expect(unknown.reasons.join('\n')).toContain('each of 60 neighbor frames came there twice, and not at once');
  expect(unknown.totals.duplicate).toBe(0);
  expect(judged({ ...twice, vantage: 'port' })).toMatchObject({
    verdict: 'fail',
    byLeaf: { 'leaf-b': { duplicate: 60 } },
  });
  expect(judged({ ...twice, vantage: 'trap', demanded: ['reached'] }).verdict).toBe('pass');
});

test('some frames twice on one leaf are duplicates there', () => {
  for (const share of [2, 10, 59]) {
    const { verdict, byLeaf } = judged({ copies: (i) => (i % share === 1 ? 2 : 1) });
    expect(verdict).toBe('fail');
    expect(byLeaf).toMatchObject({
      'leaf-a': { duplicate: 0 },
      'leaf-b': { duplicate: 60 / share >= 2 ? Math.ceil(59 / share) : 1 },
    });
  }
});

test('a frame that a mirror did not show is missing only where its counters stood still', () => {
  const lost = { copies: (i: number) => (i % 10 === 3 ? 0 : 1) };
  expect(judged(lost)).toMatchObject({ verdict: 'fail', byLeaf: { 'leaf-b': { missing: 6 } } });
  for (const demanded of [DEMANDED, ['reached'] as const]) {
    const open = judged({ ...lost, vantage: 'span', demanded });
    expect(open).toMatchObject({ verdict: 'inconclusive', totals: { missing: 0 } });
    expect(open.matrix?.['na-solicited']?.['leaf-b']?.notJudged).toBeGreaterThan(0);
  }
  expect(judged({ ...lost, vantage: 'span', losses: 0 }).verdict).toBe('fail');
  expect(judged({ ...lost, losses: 6 }).verdict).toBe('inconclusive');
});

test('data that was copied fails where both leaves can show it, and else is a note', () => {
  expect(judged({ data: 'copied', vantage: 'port' }).verdict).toBe('fail');
  const { verdict, totals } = judged({ data: 'copied', vantage: 'trap', demanded: ['reached'] });
  expect({ verdict, copied: totals.dataDuplicated }).toEqual({ verdict: 'pass', copied: 0 });
});
