import { expect, test } from '@playwright/test';
import { ON_ANY_BOND } from '../../bonding/testing/caughtBy.js';
import { TAMPERS } from '../../control/tamper/registry.js';
import { nftDup } from '../../replicator/nftDup.js';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { fatesOf, wholeRun } from '../../testing/wholeRun.js';
import { ARE_ASKED, notTested } from '../../vm/testing/guestTests.js';
import { SRIOV, sriovTraits } from './traits.js';

const MODE = 'active-backup';

/** Those that are tried outside of the NICs. */
const CAUGHT_BY = [
  ...ON_ANY_BOND,
  ['data goes out once', ['copy-data', 'lose-tcp']],
  ['a frame of one leaf reaches', ['echo', 'leak-vlan', 'lose-inbound', 'reflect']],
] as const;

/** No scenario for them can be tried here: with a second host behind the leaves, and with legs that die. */
const WITHOUT_SCENARIO = ['hairpin', 'send-to-dead-leg'];

/** Nothing is wrong with what they do: the rules promise no opposite, the bond spreads nothing, the NIC learns nothing, no LACP. */
const NOT_TRIED = [
  ...['double-on-host', 'lose-two-tags', 'move-table', 'pin-data', 'skew', 'split-partner'],
  'strip-inner-tag',
];

test('every tamper that is tried outside of the NICs is caught by a scenario, and the others are known', () => {
  const site = { profile: nftDup.profile, traits: sriovTraits(MODE) };
  const [tried, others] = [true, false].map((isTried) =>
    TAMPERS.filter((tamper) => (tamper.suits?.(site) !== false) === isTried)
      .map(({ name }) => name)
      .sort(),
  );
  const caught = new Set([...CAUGHT_BY.flatMap(([, tampers]) => tampers), ...WITHOUT_SCENARIO]);
  expect([...caught].sort()).toEqual(tried);
  expect(NOT_TRIED).toEqual(others);
});

test.describe('in guests', () => {
  test.describe.configure({ mode: 'default', timeout: WHOLE_RUNS_MS });
  test.skip(!ARE_ASKED, notTested('tampers outside of NICs with SR-IOV, in guests'));
  test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'a guest for each of 36 trials: EVERYLEAF_LONG=1');

  for (const [scenario, tampers] of CAUGHT_BY)
    test(`"${scenario}" passes, and catches each tamper that it names`, async () => {
      const { code, report } = await wholeRun(
        ...['--testbed', 'vm', '--data-plane', SRIOV, '--mode', MODE, '--replicator', nftDup.name],
        ...['--controls', 'tampers', '--scenario', scenario, '--workers', '1'],
      );
      expect(code, report.reasons.join('\n')).toBe(0);
      expect(fatesOf(report.controls)).toEqual(tampers.map((tamper) => `${tamper}: caught`));
    });
});
