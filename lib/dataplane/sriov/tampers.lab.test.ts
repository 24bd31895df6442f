import { expect, test } from '@playwright/test';
import { TAMPERS } from '../../control/tamper/registry.js';
import { nftDup } from '../../replicator/nftDup.js';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { fatesOf, wholeRun } from '../../testing/wholeRun.js';
import { ARE_ASKED, notTested } from '../../vm/testing/guestTests.js';
import { SRIOV, sriovTraits } from './traits.js';

const MODE = 'active-backup';

/** A scenario by words of its title, and the tampers that it names, of those that are tried outside of the NICs. */
const CAUGHT_BY: readonly (readonly [scenario: string, tampers: readonly string[]])[] = [
  [
    'every ARP form',
    [
      'alter-target',
      'change-source-mac',
      'delay',
      'double',
      'double-some',
      'lose-on-all-but-one',
      'lose-on-one-leg',
      'lose-unicast',
      'repeat',
      'storm',
    ],
  ],
  ['of a trunk VM', ['change-priority', 'invent', 'invent-stranger', 'lose-tagged', 'strip-tag']],
  ['every NS and NA', ['alter-nonce', 'lose-nd', 'lose-replies']],
  ['data goes out once', ['copy-data', 'lose-tcp']],
  ['what only looks like', ['copy-icmp6', 'copy-lldp']],
  ['what VMs on one host', ['lose-on-host']],
  ['a frame of one leaf reaches', ['echo', 'leak-vlan', 'lose-inbound', 'reflect']],
  ['3,000 neighbor frames', ['police']],
];

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
