import { expect, test } from '@playwright/test';
import type { Seen } from './contentTally.js';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US, type MadeCaptures } from '../testing/captures.js';

/** Half a minute of a host that is well, and in each second a data frame that is on leaf-a. */
function halfMinute(leaves = 2): MadeCaptures {
  const captures = makeCaptures(leaves);
  captures.alive(0, 31 * SECOND);
  for (let round = 0; round < 30; round++) {
    const at = 500 * MS + round * SECOND + (round % 7) * 11 * MS;
    captures.all(at, plainFrame('arp-request-broadcast', { variation: round + 1 }));
    captures.see(0, at + 300 * MS, plainFrame('data-udp', { variation: round + 1 }));
  }
  return captures;
}

const dataAt = (round: number): number => 800 * MS + round * SECOND + (round % 7) * 11 * MS;

test('data that another leaf has some milliseconds later was copied', () => {
  for (const later of [6 * MS, 20 * MS, 40 * MS]) {
    const captures = halfMinute();
    for (let round = 5; round < 15; round++)
      captures.see(1, dataAt(round) + later, plainFrame('data-udp', { variation: round + 1 }));
    const { judgement } = judgeFiles(captures.files());
    expect(judgement.verdict).toBe('fail');
    expect(judgement.totals).toMatchObject({ dataFrames: 30, dataDuplicated: 10 });
    expect(judgement.deliveries[0]?.leaves).toMatchObject({ 'leaf-a': { copies: [{}] }, 'leaf-b': { copies: [{}] } });
    expect(Math.abs((judgement.deliveries[0]?.skewNs ?? 0) - later)).toBeLessThan(50 * US);
  }
});

test('of more leaves, each further one that has it is told', () => {
  const captures = halfMinute(4);
  for (const leaf of [1, 3]) captures.see(leaf, dataAt(7) + leaf * 9 * MS, plainFrame('data-udp', { variation: 8 }));
  const { judgement } = judgeFiles(captures.files());
  expect(judgement.verdict).toBe('fail');
  expect(judgement.totals).toMatchObject({ dataFrames: 31, dataDuplicated: 2 });
});

test('what a sender says again is its own, on the same leaf soon and on another one later', () => {
  const captures = halfMinute();
  for (let round = 5; round < 15; round++) {
    captures.see(0, dataAt(round) + 20 * MS, plainFrame('data-udp', { variation: round + 1 }));
    captures.see(1, dataAt(round) + 90 * MS, plainFrame('data-udp', { variation: round + 1 }));
  }
  const { judgement } = judgeFiles(captures.files());
  expect(judgement.findings).toEqual([]);
  expect(judgement.totals).toMatchObject({ dataFrames: 50, dataDuplicated: 0 });
});

test('whoever draws frames is told of both copies', () => {
  const captures = halfMinute();
  captures.see(1, dataAt(9) + 20 * MS + 5 * US, plainFrame('data-udp', { variation: 10 }));
  const told: Seen[] = [];
  judgeFiles(captures.files(), {
    onSettled: (seen) => {
      if (seen.words.every((word) => word !== 0) && seen.lastNs - seen.firstNs > 5 * MS) told.push(seen);
    },
  });
  expect(told).toHaveLength(1);
  expect([...(told[0]?.offsets ?? [])].every((offset) => offset > 0)).toBe(true);
});

test('a frame that a leaf lost does not take the late copy of the next one, which says the same', () => {
  for (const leaves of [2, 3]) {
    const captures = makeCaptures(leaves);
    captures.alive(0, 31 * SECOND);
    // Copies on leaf-b are 8 ms to 20 ms early in one half, and as late in the other.
    for (let round = 0; round < 20; round++) {
      const at = 500 * MS + round * 1_400 * MS + (round % 7) * 11 * MS;
      const skew = (round < 10 ? -1 : 1) * (8 + (round % 4) * 4) * MS;
      for (let leaf = 0; leaf < leaves; leaf++)
        if (leaf !== 1 || (round !== 4 && round !== 14))
          captures.see(leaf, at + (leaf === 1 ? skew : leaf * 20 * US), plainFrame('arp-reply-unicast'));
    }
    const { judgement } = judgeFiles(captures.files(), { isSharedClock: true });
    expect(judgement.byLeaf).toMatchObject({ 'leaf-a': { missing: 0, late: 0 }, 'leaf-b': { missing: 2, late: 0 } });
    expect(judgement.totals).toMatchObject({ probes: 20, delivered: 18 });
  }
});

test('a copy that came late to all other leaves is one frame', () => {
  const captures = halfMinute(3);
  captures.see(1, 10 * SECOND, plainFrame('na-unsolicited'));
  captures.see(2, 10_400 * MS, plainFrame('na-unsolicited'));
  captures.see(0, 11_900 * MS, plainFrame('na-unsolicited'));
  const { judgement } = judgeFiles(captures.files());
  expect(judgement.kinds['na-unsolicited']).toMatchObject({ probes: 1, late: 2, missing: 0 });
  expect(judgement.byLeaf).toMatchObject({ 'leaf-a': { late: 1 }, 'leaf-b': { late: 0 }, 'leaf-c': { late: 1 } });
});
