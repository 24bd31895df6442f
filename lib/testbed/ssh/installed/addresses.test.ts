import { expect, test } from '@playwright/test';
import { SshError } from '../../../ssh/error.js';
import type { FarMachine } from '../machine.js';
import { requireNoAddresses } from './faults.js';
import { installedRefusal } from './look.js';

/** A machine that prints so for the addresses of a port. */
const saying = (stdout: string, code = 0): FarMachine =>
  ({
    name: 'leafa',
    run: () => Promise.resolve({ code, signal: null, stdout, stderr: code === 0 ? '' : 'Device does not exist' }),
  }) as unknown as FarMachine;

test('a port that has an address is not shut, and one of which that is not known neither', async () => {
  await requireNoAddresses(saying(''), 'swp1');
  for (const [line, address] of [
    ['4: swp1    inet 198.51.100.1/24 scope global swp1\\       valid_lft forever\n', '198.51.100.1/24'],
    ['4: swp1    inet6 2001:db8::1/64 scope global \\       valid_lft forever\n', '2001:db8::1/64'],
  ] as const)
    await expect(requireNoAddresses(saying(line), 'swp1')).rejects.toThrow(`leafa: swp1 has the address ${address}`);
  await expect(requireNoAddresses(saying('', 1), 'swp1')).rejects.toThrow(SshError);
});

test('a port that carries the way to a machine is no port for tests, nor one that is not there', () => {
  const port = (name: string, mac: string | null) =>
    ({ name, mac, master: 'bond0', addresses: ['192.0.2.1/30'] }) as unknown as Parameters<typeof installedRefusal>[0];
  expect(installedRefusal(port('swp1', '02:00:00:00:00:01'), ['eth0'])).toBeNull();
  expect(installedRefusal(port('eth0', '02:00:00:00:00:01'), ['bond1', 'eth0'])).toContain(
    'it can never be a port for tests',
  );
  expect(installedRefusal(port('swp9', null), ['eth0'])).toBe('it has no port swp9');
});
