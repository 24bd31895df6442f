import { expect, test } from '@playwright/test';
import { linuxBridgeTraits } from '../../dataplane/linux-bridge/traits.js';
import { everyNeighborFrame as profile } from '../../profile/table/everyNeighborFrame.js';
import { RETURNS } from './returns.js';

test('a MAC is not moved where no leg learns: that is tried in the other variant alone', () => {
  const moves = RETURNS.find(({ name }) => name === 'move-table');
  const suits = (variant: 'active-backup' | 'per-mac') =>
    moves?.suits?.({ profile, traits: linuxBridgeTraits(variant) });
  expect([suits('active-backup'), suits('per-mac')]).toEqual([true, false]);
});
