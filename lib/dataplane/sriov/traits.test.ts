import { expect, test } from '@playwright/test';
import { bondModeNamed, sriovTraits, VARIANTS } from './traits.js';

test('the bonds ask nothing of a leaf, and the NIC learns nothing', () => {
  expect(VARIANTS).toEqual(['active-backup', 'balance-xor']);
  for (const variant of VARIANTS)
    expect(sriovTraits(variant)).toMatchObject({
      ...{
        kind: 'sriov',
        variant,
        lacp: false,
        learnsLegs: false,
        noticesCarrier: false,
        onHost: 'joined',
        returnsOwn: true,
      },
    });
  expect(sriovTraits('active-backup')).toMatchObject({ spreads: 'no', hears: { unicast: 'active' } });
  expect(sriovTraits('balance-xor')).toMatchObject({ spreads: 'flows', hears: { unicast: 'all' } });
  expect(() => bondModeNamed('802.3ad')).toThrow('sriov has no variant "802.3ad"; it has active-backup, balance-xor');
});
