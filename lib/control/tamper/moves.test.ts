import { expect, test } from '@playwright/test';
import { planeName } from '../../dataplane/traits.js';
import { DEFAULTS } from '../../defaults.js';
import { everyNeighborFrame as profile } from '../../profile/table/everyNeighborFrame.js';
import { RETURNS } from './returns.js';

test('a MAC is moved wherever the host learns from its legs, which is everywhere but on a bridge whose legs do not, and in a NIC', () => {
  const moves = RETURNS.find(({ name }) => name === 'move-table');
  const everywhere = DEFAULTS.dataPlanes.flatMap((plane) => plane.variants.map((variant) => plane.traits(variant)));
  expect(everywhere.filter((traits) => moves?.suits?.({ profile, traits }) === false).map(planeName)).toEqual([
    'linux-bridge/per-mac',
    'sriov/active-backup',
    'sriov/balance-xor',
  ]);
});
