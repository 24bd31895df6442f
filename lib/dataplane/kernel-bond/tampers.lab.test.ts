import { expect, test } from '@playwright/test';
import { CAUGHT_BY, NOT_TRIED } from '../../bonding/testing/caughtBy.js';
import { TAMPERS } from '../../control/tamper/registry.js';
import { broadcastNeighbor } from '../../replicator/broadcastNeighbor.js';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { fatesOf, wholeRun } from '../../testing/wholeRun.js';
import { ARE_ASKED, notTested } from '../../vm/testing/guestTests.js';
import { kernelBondTraits } from './traits.js';

const MODE = '802.3ad';

test('every tamper that is tried behind the option of the kernel is caught by a scenario, and the others are known', () => {
  const site = { profile: broadcastNeighbor.profile, traits: kernelBondTraits(MODE) };
  const [tried, others] = [true, false].map((isTried) =>
    TAMPERS.filter((tamper) => (tamper.suits?.(site) !== false) === isTried)
      .map(({ name }) => name)
      .sort(),
  );
  expect([...new Set(CAUGHT_BY.flatMap(([, tampers]) => tampers))].sort()).toEqual(tried);
  expect(NOT_TRIED).toEqual(others);
});

test.describe('in guests', () => {
  test.describe.configure({ mode: 'default', timeout: WHOLE_RUNS_MS });
  test.skip(!ARE_ASKED, notTested("tampers on a kernel's bond in guests"));
  test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'a guest for each of 44 trials: EVERYLEAF_LONG=1');

  for (const [scenario, tampers] of CAUGHT_BY)
    test(`"${scenario}" passes, and catches each tamper that it names`, async () => {
      const { code, report } = await wholeRun(
        ...['--testbed', 'vm', '--data-plane', 'kernel-bond', '--mode', MODE, '--replicator', broadcastNeighbor.name],
        ...['--controls', 'tampers', '--scenario', scenario, '--workers', '1'],
      );
      expect(code, report.reasons.join('\n')).toBe(0);
      expect(fatesOf(report.controls)).toEqual(tampers.map((tamper) => `${tamper}: caught`));
    });
});
