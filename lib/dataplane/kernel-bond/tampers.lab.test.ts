import { expect, test } from '@playwright/test';
import { TAMPERS } from '../../control/tamper/registry.js';
import { broadcastNeighbor } from '../../replicator/broadcastNeighbor.js';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { fatesOf, wholeRun } from '../../testing/wholeRun.js';
import { ARE_ASKED, notTested } from '../../vm/testing/guestTests.js';
import { kernelBondTraits } from './traits.js';

const MODE = '802.3ad';

/** A scenario by words of its title, and the tampers that it names, of those that are tried here. */
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
  ['data goes out once', ['copy-data', 'lose-tcp', 'pin-data']],
  ['what only looks like', ['copy-icmp6', 'copy-lldp']],
  ['what VMs on one host', ['lose-on-host']],
  ['a frame of one leaf reaches', ['echo', 'leak-vlan', 'lose-inbound', 'move-table', 'reflect']],
  ['3,000 neighbor frames', ['police']],
  ['all leaves are one LACP partner', ['lose-replies', 'split-partner']],
  ['with one leg out', ['lose-on-one-leg', 'send-to-dead-leg']],
];

/** Not tried here: the option promises nothing of which they are the opposite, or, on the host, what loses is tried. */
const NOT_TRIED = ['double-on-host', 'lose-two-tags', 'skew', 'strip-inner-tag'];

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
