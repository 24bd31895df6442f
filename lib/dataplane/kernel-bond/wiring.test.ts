import { expect, test } from '@playwright/test';
import { defaultTopology } from '../../testing/defaultLab.js';
import { untaggedVlan, vlanLines } from './wiring.js';

test('each port lets through its networks, with the tags that belong there', async () => {
  const topology = await defaultTopology();
  expect(untaggedVlan(topology)).toBe(1);
  expect(vlanLines(topology)).toEqual([
    'vlan add dev bond0 vid 20',
    'vlan add dev bond0 vid 30',
    'vlan del dev vm1 vid 1',
    'vlan add dev vm1 vid 20 pvid untagged',
    'vlan del dev vm2 vid 1',
    'vlan add dev vm2 vid 20 pvid untagged',
    'vlan del dev vm3 vid 1',
    'vlan add dev vm3 vid 20',
    'vlan add dev vm3 vid 30',
  ]);
});

test('frames without a tag are in a VLAN that no network has', async () => {
  const topology = await defaultTopology();
  const networks = topology.networks.map((network, index) => (index === 1 ? { ...network, vlan: 1 } : network));
  expect(untaggedVlan({ ...topology, networks })).toBe(4094);
});
