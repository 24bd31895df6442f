import { expect, test } from '@playwright/test';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND } from '../judge/testing/captures.js';
import type { Judgement } from '../judge/types.js';
import { sumJudgements } from './sumJudgements.js';

/** So many ARP requests, of which leaf-b missed one and saw the others this much later. */
function judged(frames: number, lateNs: number): Judgement {
  const made = makeCaptures();
  made.alive(0, 10 * SECOND);
  for (let i = 0; i < frames; i++) {
    const frame = plainFrame('arp-request-broadcast', { variation: i });
    made.see(0, SECOND + i * 100 * MS, frame);
    if (i > 0) made.see(1, SECOND + i * 100 * MS + lateNs, frame);
  }
  return judgeFiles(made.files(), { isSharedClock: true }).judgement;
}

test('what was counted is added, and of skew the worst of each figure is kept', () => {
  const [few, many] = [judged(5, 3 * MS), judged(20, MS)];
  for (const sum of [sumJudgements(few, many), sumJudgements(many, few)]) {
    expect(sum.totals).toMatchObject({ probes: 25, delivered: 23, missing: 2 });
    expect(sum.byLeaf['leaf-b']).toMatchObject({ missing: 2 });
    expect(sum.kinds['arp-request-broadcast']).toMatchObject({ probes: 25, missing: 2 });
    expect(sum.matrix?.['arp-request-broadcast']?.['leaf-a']).toMatchObject({ frames: 25, delivered: 25 });
    expect(sum.skew).toMatchObject({ maxNs: few.skew?.maxNs, p50Ns: few.skew?.p50Ns });
  }
  expect(few.skew?.maxNs).toBeGreaterThan(many.skew?.maxNs ?? 0);
});
