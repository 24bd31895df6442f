import { expect, test } from '@playwright/test';
import { floods, hearOnHost, ownReturns } from './traits.js';

test('on a host without a switch between all, only those hear each other whom it joins', () => {
  const pairs = [
    ['vm1', 'vm2'],
    ['host', 'vm1'],
    ['vm1', 'host'],
  ] as const;
  const heard = (onHost?: 'vms' | 'nobody' | 'joined') =>
    pairs.map((pair) => hearOnHost(onHost === undefined ? {} : { onHost }, 'host', pair));
  expect(heard()).toEqual([true, true, true]);
  expect(heard('vms')).toEqual([true, false, false]);
  expect(heard('nobody')).toEqual([false, false, false]);
  expect(heard('joined')).toEqual([true, true, true]);
});

test('a NIC gives broadcasts to all, and the frames of a group to those who asked for it', () => {
  const groups = ['ffffffffffff', '3333ff00000a', '01005e000001', '0200000001'];
  expect(groups.map((destination) => floods({}, destination))).toEqual([true, true, true, false]);
  expect(groups.map((destination) => floods({ onHost: 'joined' }, destination))).toEqual([true, false, false, false]);
});

test('what a NIC returns comes back once for each leg on which its sender hears', () => {
  const hears = (multicast: 'all' | 'active') => ({ hears: { unicast: multicast, multicast } });
  expect(ownReturns({ ...hears('active'), returnsOwn: true }, 2)).toBe(1);
  expect(ownReturns({ ...hears('all'), returnsOwn: true }, 2)).toBe(2);
  expect(ownReturns(hears('all'), 2)).toBe(0);
});
