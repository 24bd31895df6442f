import { expect, test } from '@playwright/test';
import { acknowledgment } from '../judge/testing/bareAcks.js';
import { HOST, MS, SECOND } from '../judge/testing/captures.js';
import { AHEAD, minute } from '../judge/testing/minute.js';
import { compareMatchers } from './testing/bothMatchers.js';

test('the compiled reader knows what hosts say several times in the same words', () => {
  for (const version of [4, 6] as const)
    for (const hasData of [false, true])
      for (const hosts of [[HOST], []]) {
        const captures = minute();
        for (let round = 0; round < 40; round++)
          for (const leaf of [0, 1])
            captures.see(
              leaf,
              (10 + round) * SECOND + 300 * MS + leaf * 20 * MS,
              acknowledgment(version, round, hasData),
            );
        const { difference, judgement } = compareMatchers(captures.files(AHEAD), { hosts });
        expect(difference).toBeNull();
        expect(judgement.verdict).toBe(hasData ? 'fail' : 'inconclusive');
      }
});
