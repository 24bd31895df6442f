import { expect, test } from '@playwright/test';
import { hearOnHost } from './traits.js';

test('on a host without a switch between all, only those hear each other whom it joins', () => {
  const pairs = [
    ['vm1', 'vm2'],
    ['host', 'vm1'],
    ['vm1', 'host'],
  ] as const;
  const heard = (onHost?: 'vms' | 'nobody') =>
    pairs.map((pair) => hearOnHost(onHost === undefined ? {} : { onHost }, 'host', pair));
  expect(heard()).toEqual([true, true, true]);
  expect(heard('vms')).toEqual([true, false, false]);
  expect(heard('nobody')).toEqual([false, false, false]);
});
