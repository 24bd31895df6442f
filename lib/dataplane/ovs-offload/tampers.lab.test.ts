import { expect, test } from '@playwright/test';
import { CAUGHT_BY, NOT_TRIED } from '../../bonding/testing/caughtBy.js';
import { TAMPERS } from '../../control/tamper/registry.js';
import { broadcastNeighbor } from '../../replicator/broadcastNeighbor.js';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { fatesOf, wholeRun } from '../../testing/wholeRun.js';
import { ARE_ASKED, notTested } from '../../vm/testing/guestTests.js';
import { OVS_OFFLOAD, ovsOffloadTraits, VARIANTS } from './traits.js';

test('the same tampers are tried as on the bond of the kernel alone', () => {
  const site = { profile: broadcastNeighbor.profile, traits: ovsOffloadTraits(VARIANTS[0]) };
  const not = TAMPERS.filter((tamper) => tamper.suits?.(site) === false).map(({ name }) => name);
  expect(not.sort()).toEqual(NOT_TRIED);
});

test.describe('in guests', () => {
  test.describe.configure({ mode: 'default', timeout: WHOLE_RUNS_MS });
  test.skip(!ARE_ASKED, notTested('tampers below flows in tc, in guests'));
  test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'a guest for each of 44 trials: EVERYLEAF_LONG=1');

  for (const [scenario, tampers] of CAUGHT_BY)
    test(`"${scenario}" passes, and catches each tamper that it names`, async () => {
      const { code, report } = await wholeRun(
        ...['--testbed', 'vm', '--data-plane', OVS_OFFLOAD, '--replicator', broadcastNeighbor.name],
        ...['--controls', 'tampers', '--scenario', scenario, '--workers', '1'],
      );
      expect(code, report.reasons.join('\n')).toBe(0);
      expect(fatesOf(report.controls)).toEqual(tampers.map((tamper) => `${tamper}: caught`));
    });
});
