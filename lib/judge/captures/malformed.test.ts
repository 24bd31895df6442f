import { expect, test } from '@playwright/test';
import { judgeFiles, judgeFilesTwice, makeCaptures, MS, plainFrame, SECOND } from '../testing/captures.js';
import { AHEAD, signatures } from '../testing/minute.js';
import type { Judgement } from '../types.js';

const ROUNDS = 40;

/** ARP as it should be, and Neighbor Discovery of which each `every`th message has the hop limit 254. */
function judged(every: number, on: readonly number[] = [0, 1]): Judgement {
  const captures = makeCaptures();
  captures.alive(0, (ROUNDS + 2) * SECOND);
  for (let round = 0; round < ROUNDS; round++) {
    const at = (round + 1) * SECOND + (round % 7) * 31 * MS;
    captures.all(at, plainFrame('arp-request-broadcast', { variation: round }));
    const frame = plainFrame(round % 2 === 0 ? 'ns-multicast' : 'na-solicited', { variation: round });
    const isAltered = round % every === 0;
    if (isAltered) frame[21] = 254;
    if (isAltered) for (const leaf of on) captures.see(leaf, at + 200 * MS, frame);
    else captures.all(at + 200 * MS, frame);
    captures.see(round % 2, at + 400 * MS, plainFrame('data-udp', { variation: round }));
  }
  const files = captures.files(AHEAD);
  const { verdict } = judgeFilesTwice(files).judgement;
  const { judgement } = judgeFiles(files);
  expect(verdict).toBe(judgement.verdict);
  return judgement;
}

test('Neighbor Discovery that is malformed wherever it came is no pass, be it on each leaf or on one', () => {
  for (const on of [[0, 1], [1]])
    for (const every of [1, 3]) {
      const judgement = judged(every, on);
      expect(judgement.verdict).toBe('inconclusive');
      expect(signatures(judgement)).toEqual(['no-proof-of-life']);
      expect(judgement.reasons).toHaveLength(1);
      expect(judgement.reasons[0]).toContain(
        `${Math.ceil(ROUNDS / every)} messages of Neighbor Discovery from 02:00:00:00:01:0a were malformed`,
      );
    }
});

test('two of forty may be somebody who tries what leaves do', () => {
  expect(judged(20).verdict).toBe('pass');
});
