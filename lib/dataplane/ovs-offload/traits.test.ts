import { expect, test } from '@playwright/test';
import { bondOptions } from '../../bonding/mode.js';
import { BOND_MODE, ovsOffloadTraits, VARIANTS } from './traits.js';

test('the bond below the switch speaks LACP, in its one variant', () => {
  expect(VARIANTS).toEqual(['802.3ad']);
  expect(ovsOffloadTraits('802.3ad')).toMatchObject({ kind: 'ovs-offload', lacp: true, spreads: 'flows' });
  expect(bondOptions(BOND_MODE)).toBe('mode 802.3ad miimon 100 lacp_rate fast xmit_hash_policy layer3+4');
  expect(() => ovsOffloadTraits('balance-tcp')).toThrow('it has 802.3ad');
});
