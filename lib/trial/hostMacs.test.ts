import { expect, test } from '@playwright/test';
import { readMacs } from './hostMacs.js';

test('reads each MAC once, and none of an interface that has none', () => {
  const shown = [
    '1: lo: <LOOPBACK,UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00',
    '2: up-a@if3: <BROADCAST,UP> mtu 1500 state UP \\    link/ether 02:00:00:01:00:01 brd ff:ff:ff:ff:ff:ff link-netns 1-leaf-a',
    '3: br0: <BROADCAST,UP> mtu 1500 state UNKNOWN \\    link/ether 02:00:00:00:01:01 brd ff:ff:ff:ff:ff:ff',
    '4: vip@br0: <BROADCAST,UP> mtu 1500 state UP \\    link/ether 02:00:00:00:01:01 brd ff:ff:ff:ff:ff:ff',
  ].join('\n');
  expect(readMacs(shown)).toEqual(['02:00:00:01:00:01', '02:00:00:00:01:01']);
});
