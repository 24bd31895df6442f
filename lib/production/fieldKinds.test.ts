import { expect, test } from '@playwright/test';
import { dice } from '../dice.js';
import { failuresOf, FATES } from '../judge/testing/situation.js';
import { DOUBTFUL, fieldBurst, TOLD, type FieldKind } from './testing/fieldKinds.js';
import { judgeHere } from './testing/judgeHere.js';

const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);
const WRONG = { lost: 'missing', doubled: 'duplicate', altered: 'altered' } as const;

function cases(kind: FieldKind) {
  return SEEDS.flatMap((seed) =>
    FATES.map((fate) => {
      const { world, files } = kind(seed, fate, dice(31 * seed + 7));
      const judgement = judgeHere(files, world);
      const leaf = `leaf-${'abcd'[world.victim.leaf] ?? ''}`;
      return {
        seed,
        fate,
        leaf,
        kind: world.victim.kind,
        judgement,
        failures: failuresOf(judgement),
        due: fate === 'good' ? [] : [`${leaf} ${WRONG[fate]} 1`],
      };
    }),
  );
}

for (const [name, kind] of Object.entries(TOLD))
  test(`${name}: right passes, and each wrong twin fails for the frame that is wrong`, () => {
    for (const { seed, fate, leaf, kind: wrongKind, judgement, failures, due } of cases(kind)) {
      const { verdict, reasons, findings } = judgement;
      expect({ seed, fate, verdict, failures, reasons }).toMatchObject({
        verdict: fate === 'good' ? 'pass' : 'fail',
        failures: due,
      });
      expect(
        findings
          .filter((finding) => finding.verdict === 'fail')
          .map((finding) => ({ leaf: finding.leaf, kind: finding.kind })),
      ).toEqual(fate === 'good' ? [] : [{ leaf, kind: wrongKind }]);
    }
  });

for (const [name, kind] of Object.entries(DOUBTFUL))
  test(`${name}: nothing passes, and nothing fails but what was wrong`, () => {
    for (const { seed, fate, judgement, failures, due } of cases(kind)) {
      const { verdict, reasons } = judgement;
      expect({ seed, fate, verdict, reasons }).not.toMatchObject({ verdict: 'pass' });
      if (verdict === 'fail') expect({ seed, fate, failures }).toEqual({ seed, fate, failures: due });
      // What came twice to the only leaf that can be trusted is counted, and is no failure.
      else
        expect({ seed, fate, ok: failures.length === 0 || failures.join() === due.join() }).toMatchObject({ ok: true });
      if (fate === 'good') expect({ seed, verdict, reasons }).toMatchObject({ verdict: 'inconclusive' });
      expect(reasons.length).toBeGreaterThan(0);
    }
  });

test('bursts of equal frames: as many on each leaf do not fail, one more or fewer fails there', () => {
  for (const seed of SEEDS)
    for (const over of [0, 1, -1] as const) {
      const { name, world, files } = fieldBurst(seed, over, dice(37 * seed + 5));
      const judgement = judgeHere(files, world);
      const leaf = `leaf-${'abcd'[world.victim.leaf] ?? ''}`;
      const { verdict, reasons } = judgement;
      const seen = { seed, name, over, verdict, reasons };
      if (over === 0) expect({ ...seen, failures: failuresOf(judgement) }).toMatchObject({ failures: [] });
      if (over === 0) expect(seen).not.toMatchObject({ verdict: 'fail' });
      else expect(seen).toMatchObject({ verdict: 'fail' });
      // One fewer here is one too many elsewhere where nothing shows how many were said.
      if (over > 0)
        expect({ ...seen, failures: failuresOf(judgement) }).toMatchObject({ failures: [`${leaf} duplicate 1`] });
    }
});
