import { expect, test } from '@playwright/test';
import { defaultTopology } from '../testing/defaultLab.js';
import { addressIssues } from './addressChecks.js';
import type { Topology } from './model.js';

/** The wiring of dual-leaf.yaml, as a binding to real machines makes it. */
async function bound(change: Partial<Topology['host']> = {}): Promise<Topology> {
  const { host, networks, ...rest } = await defaultTopology();
  const [native, ...others] = networks;
  if (native === undefined) throw new Error('no network');
  const real = { ...native, ipv4: '10.1.2.0/24', ipv6: 'fd00:1::/64', gateway4: '10.1.2.1', gateway6: 'fd00:1::1' };
  return {
    ...rest,
    networks: [real, ...others],
    host: {
      ...host,
      mac: 'a0:36:9f:00:00:01',
      addresses: [{ network: native.name, ipv4: '10.1.2.10', ipv6: 'fd00:1::10' }],
      ...change,
    },
  };
}

test('real MACs and addresses are wrong in a topology that nobody bound, and right in one that somebody did', async () => {
  const topology = await bound();
  expect(addressIssues(topology).map(({ kind, path }) => `${kind} ${path.join('.')}`)).toEqual([
    'mac-not-local host.mac',
    'prefix-not-documentation networks.0.ipv4',
    'prefix-not-documentation networks.0.ipv6',
  ]);
  expect(addressIssues(topology, { addresses: 'any' })).toEqual([]);
});

test('what would break a lab is wrong in both', async () => {
  const any = async (change: Partial<Topology['host']>) =>
    addressIssues(await bound(change), { addresses: 'any' }).map(({ kind }) => kind);
  expect(await any({ mac: '01:00:5e:00:00:01' })).toContain('mac-multicast');
  expect(await any({ mac: '02:00:00:00:01:0a' })).toContain('duplicate-mac');
  expect(await any({ addresses: [{ network: 'native', ipv4: '10.9.9.9', ipv6: 'fd00:1::10' }] })).toEqual([
    'address-outside',
  ]);
});
