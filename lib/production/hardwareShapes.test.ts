import { expect, test } from '@playwright/test';
import { failuresOf, pcapOf } from '../judge/testing/situation.js';
import { SECOND } from '../judge/testing/captures.js';
import type { Judgement } from '../judge/types.js';
import {
  HARDWARE_FATES,
  HARDWARE_HOST,
  HARDWARE_SHAPES,
  hardwareCaptures,
  type HardwareFate,
} from './testing/hardwareShapes.js';
import { judgeHere } from './testing/judgeHere.js';

const SEEDS = [1, 2, 3, 4, 5, 6];
/** Short captures, too. */
const FRAMES = [400, 120, 60];

function judged(name: string, fate: HardwareFate, seed: number, isDeclared: boolean): Judgement {
  const { vantage = null, isAtBoth = false } = HARDWARE_SHAPES[name] ?? {};
  const files = hardwareCaptures(name, seed, fate, FRAMES[seed % FRAMES.length]).map((frames, leaf) =>
    pcapOf(frames, 1, leaf * 2.3 * SECOND),
  );
  const leaves = isAtBoth ? ['leaf-a', 'leaf-b'] : ['leaf-b'];
  const vantages = new Map(isDeclared ? leaves.map((leaf) => [leaf, { name: vantage, losses: null }] as const) : []);
  return judgeHere(files, { hosts: [HARDWARE_HOST], declared: { demanded: null, vantages } });
}

for (const [name, { what, vantage }] of Object.entries(HARDWARE_SHAPES))
  for (const isDeclared of vantage === null ? [false] : [false, true]) {
    const said = isDeclared ? `--vantage leaf-b=${vantage ?? ''}` : 'nothing said';

    test(`${name} (${what}), ${said}: a correct replicator does not fail`, () => {
      for (const seed of SEEDS) {
        const judgement = judged(name, 'good', seed, isDeclared);
        expect({ seed, verdict: judgement.verdict, reasons: judgement.reasons }).not.toMatchObject({
          verdict: 'fail',
        });
        expect(failuresOf(judgement)).toEqual([]);
        if (vantage === null) expect(judgement.verdict).toBe('pass');
      }
    });

    test(`${name} (${what}), ${said}: a broken replicator does not pass`, () => {
      for (const fate of HARDWARE_FATES)
        for (const seed of fate === 'good' ? [] : SEEDS) {
          const { verdict, claims, totals } = judged(name, fate, seed, isDeclared);
          // Where no data is captured, a pass says that data was not judged.
          if (verdict === 'pass' && fate === 'data copied' && totals.dataFrames === 0)
            expect(claims?.notJudged['leaf-b']).toHaveProperty('data');
          else expect({ fate, seed, verdict }).not.toMatchObject({ verdict: 'pass' });
        }
    });
  }

test('what is wrong on a port, or behind a mirror that loses nothing, is told of the right leaf', () => {
  for (const name of ['port', 'ERSPAN II'])
    for (const [fate, wrong] of [
      ['lost', 'missing'],
      ['doubled', 'duplicate'],
      ['altered', 'altered'],
    ] as const)
      for (const seed of SEEDS)
        expect({ name, failures: failuresOf(judged(name, fate, seed, false)) }).toEqual({
          name,
          failures: [`leaf-b ${wrong} 1`],
        });
});
