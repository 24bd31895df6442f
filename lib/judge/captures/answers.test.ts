import { expect, test } from '@playwright/test';
import type { KindId } from '../../wire/kinds.js';
import { DEFAULT_PROFILE } from '../../profile/registry.js';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US, type MadeCaptures } from '../testing/captures.js';

/** Half a minute in which a host asks and answers; `copies` says how often each leaf sees a frame. */
function halfMinute(copies: (kind: KindId, round: number, leaf: number) => number): MadeCaptures {
  const captures = makeCaptures();
  captures.alive(0, 31 * SECOND);
  for (let round = 0; round < 30; round++) {
    for (const [index, kind] of (['arp-request-broadcast', 'arp-reply-unicast', 'na-solicited'] as const).entries()) {
      const at = 500 * MS + round * SECOND + index * 200 * MS + (round % 7) * 11 * MS;
      for (let leaf = 0; leaf < 2; leaf++)
        for (let copy = 0; copy < copies(kind, round, leaf); copy++)
          captures.see(
            leaf,
            at + leaf * 20 * US + copy * 100 * US,
            plainFrame(kind, { variation: kind === 'arp-request-broadcast' ? round + 1 : 0 }),
          );
    }
  }
  return captures;
}

const isAnswer = (kind: KindId): boolean => kind !== 'arp-request-broadcast';

test('a host that answers two leaves at once has sent two answers, each of which reached every leaf', () => {
  const { judgement } = judgeFiles(halfMinute((kind, round) => (isAnswer(kind) && round % 10 === 3 ? 2 : 1)).files());
  expect(judgement.findings).toMatchObject([{ verdict: 'note', count: 6 }]);
  expect(judgement.verdict).toBe('pass');
  expect(judgement.kinds['arp-reply-unicast']).toMatchObject({ probes: 33, delivered: 33, duplicate: 0 });
  expect(judgement.kinds['na-solicited']).toMatchObject({ probes: 33, delivered: 33, duplicate: 0 });
});

test('answers that mostly come twice prove nothing', () => {
  const { judgement } = judgeFiles(halfMinute((kind) => (kind === 'na-solicited' ? 2 : 1)).files());
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons).toEqual([
    expect.stringContaining('Nothing can be said of 30 answers that came several times to every leaf at once'),
  ]);
  expect(judgement.kinds['arp-reply-unicast']).toMatchObject({ probes: 30, delivered: 30 });
});

test('what doubles questions, too, doubles the answers', () => {
  const { judgement } = judgeFiles(halfMinute((_, round) => (round % 10 === 3 ? 2 : 1)).files());
  expect(judgement.verdict).toBe('fail');
  for (const kind of ['arp-request-broadcast', 'arp-reply-unicast', 'na-solicited'] as const)
    expect(judgement.kinds[kind]).toMatchObject({ probes: 30, delivered: 27, duplicate: 6 });
});

test('an answer that came more often to one leaf is a duplicate, and so are more answers than leaves', () => {
  const lopsided = judgeFiles(
    halfMinute((kind, round, leaf) => (kind === 'na-solicited' && round === 5 && leaf === 0 ? 2 : 1)).files(),
  ).judgement;
  expect(lopsided.verdict).toBe('fail');
  expect(lopsided.byLeaf).toMatchObject({ 'leaf-a': { duplicate: 1 }, 'leaf-b': { duplicate: 0 } });
  const threefold = judgeFiles(
    halfMinute((kind, round) => (kind === 'na-solicited' && round === 5 ? 3 : 1)).files(),
  ).judgement;
  expect(threefold.verdict).toBe('fail');
  expect(threefold.byLeaf).toMatchObject({ 'leaf-a': { duplicate: 1 }, 'leaf-b': { duplicate: 1 } });
});

test('of two copies of which one has a tag, the other one has lost it, whichever came first', () => {
  const captures = halfMinute(() => 1);
  const tag = { tpid: 0x8100, vid: 20, pcp: 0, dei: false } as const;
  captures.see(0, 3_950 * MS, plainFrame('ns-dad', { variation: 77 }));
  captures.see(1, 3_951 * MS, plainFrame('ns-dad', { variation: 77, tags: [tag] }));
  const { judgement } = judgeFiles(captures.files());
  expect(judgement.byLeaf).toMatchObject({ 'leaf-a': { altered: 1 }, 'leaf-b': { altered: 0 } });
});

test('answers to leaves that asked together are no copies that came far apart', () => {
  const { judgement } = judgeFiles(halfMinute((kind, round) => (isAnswer(kind) && round % 10 === 3 ? 2 : 1)).files(), {
    profile: { ...DEFAULT_PROFILE, maxSkewNs: 100 * US },
  });
  expect(judgement.verdict).toBe('pass');
});

test('two answers that came at once to one leaf, and a little further apart to the other one, are two on both', () => {
  const captures = makeCaptures();
  captures.alive(0, 31 * SECOND);
  for (let round = 0; round < 12; round++) {
    const at = 500 * MS + round * 2 * SECOND + (round % 7) * 11 * MS;
    for (let leaf = 0; leaf < 2; leaf++) {
      captures.see(leaf, at + leaf * 20 * US, plainFrame('arp-request-broadcast', { variation: round + 1 }));
      captures.see(leaf, at + 300 * MS + leaf * 30 * US, plainFrame('arp-reply-unicast', { variation: round + 1 }));
      // One before, and one around the time within which one frame can be twice on a leaf.
      if (round === 6)
        for (const later of [-3_500, leaf === 0 ? 1_990 : 2_050])
          captures.see(leaf, at + 300 * MS + later * US, plainFrame('arp-reply-unicast', { variation: 7 }));
    }
  }
  for (const swap of [false, true]) {
    const files = captures.files();
    const { judgement } = judgeFiles(swap ? [...files].reverse() : files);
    expect(judgement.verdict).not.toBe('fail');
    expect(judgement.totals).toMatchObject({ missing: 0, duplicate: 0 });
  }
});

test('an answer that one of three leaves had twice is a duplicate there, though the others lost frames, each its own', () => {
  const captures = makeCaptures(3);
  captures.alive(0, 31 * SECOND);
  for (let round = 0; round < 30; round++)
    for (let leaf = 0; leaf < 3; leaf++) {
      const at = 500 * MS + round * SECOND + (round % 7) * 11 * MS + leaf * 20 * US;
      if ((round === 5 && leaf === 0) || (round === 15 && leaf === 2)) continue;
      captures.see(leaf, at, plainFrame('na-solicited'));
      if (round === 10 && leaf === 1) captures.see(leaf, at + 400 * US, plainFrame('na-solicited'));
    }
  const { judgement } = judgeFiles(captures.files());
  expect(judgement.byLeaf).toMatchObject({
    'leaf-a': { missing: 1, duplicate: 0 },
    'leaf-b': { missing: 0, duplicate: 1 },
    'leaf-c': { missing: 1, duplicate: 0 },
  });
});

test('a leaf that had questions twice had the answer twice, though the other one lost frames', () => {
  const captures = halfMinute((kind, round, leaf) => {
    if (leaf === 1) return round === 8 ? 0 : 1;
    return (round === 12 && kind === 'arp-request-broadcast') || (round === 20 && kind === 'na-solicited') ? 2 : 1;
  });
  const { judgement } = judgeFiles(captures.files());
  expect(judgement.byLeaf).toMatchObject({
    'leaf-a': { missing: 0, duplicate: 2 },
    'leaf-b': { missing: 3, duplicate: 0 },
  });
});
