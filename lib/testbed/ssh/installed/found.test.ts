import { expect, test } from '@playwright/test';
import { isNear } from './found.js';

test('an address is in the network of another one by the length of its prefix', () => {
  const gateway = (address: string, prefix: number) =>
    ({ family: address.includes(':') ? 'ipv6' : 'ipv4', address, prefix }) as const;
  for (const [address, prefix, other, is] of [
    ['203.0.113.1', 24, '203.0.113.200', true],
    ['203.0.113.1', 25, '203.0.113.200', false],
    ['203.0.113.1', 32, '203.0.113.1', true],
    ['203.0.113.1', 32, '203.0.113.2', false],
    ['203.0.113.1', 0, '192.0.2.1', true],
    ['2001:db8:12::1', 64, '2001:db8:12::abcd', true],
    ['2001:db8:12::1', 64, '2001:db8:13::1', false],
    ['2001:db8:12::1', 47, '2001:db8:13::1', true],
  ] as const)
    expect(isNear(gateway(address, prefix), other), `${address}/${prefix} ${other}`).toBe(is);
});
