import { expect, test } from '@playwright/test';
import { defaultTopology } from '../../testing/defaultLab.js';
import type { Leaf } from '../../topology/model.js';
import { bridgeOptions, gatewayLines, lagLines, lagOptions, portLines, uplinkOf, vlanLines } from './wiring.js';

const LEAF: Leaf = { name: 'leaf-a', gatewayMac: '02:00:00:00:03:01' };

test('each port of a leaf lets through its networks, with the tags that belong there', async () => {
  const topology = await defaultTopology('linux-leaves.yaml');
  expect(bridgeOptions(topology)).toBe('br0 type bridge mcast_snooping 0 vlan_filtering 1 vlan_default_pvid 1');
  expect(gatewayLines(topology, LEAF)).toEqual([
    'link add name gw-native address 02:00:00:00:03:01 type veth peer name svi0',
    'link add name gw-v20 address 02:00:00:00:03:01 type veth peer name svi1',
    'link add name gw-v30 address 02:00:00:00:03:01 type veth peer name svi2',
  ]);
  expect(vlanLines(topology, uplinkOf(topology, LEAF, false))).toEqual([
    'vlan add dev to-host vid 20',
    'vlan del dev svi1 vid 1',
    'vlan add dev svi1 vid 20 pvid untagged',
    'vlan add dev to-host vid 30',
    'vlan del dev svi2 vid 1',
    'vlan add dev svi2 vid 30 pvid untagged',
  ]);
  expect(portLines(topology, ['to-host'])).toContain('link set dev svi2 master br0');
});

test('with LACP the leg is in a bond that has the identity of all leaves', async () => {
  const topology = await defaultTopology('linux-leaves.yaml');
  const { systemId, key } = topology.lacp;
  expect(lagOptions(topology)).toBe(
    `lag0 type bond mode 802.3ad miimon 100 lacp_rate fast ad_actor_system ${systemId} ad_user_port_key ${key}`,
  );
  // The kernel takes no greater one.
  expect(lagOptions({ ...topology, lacp: { systemId, key: 1025 } })).toMatch(/ad_user_port_key 1$/);
  expect(lagLines(topology, LEAF)).toEqual([
    'link set dev to-host down',
    'link set dev to-host master lag0',
    'link set dev lag0 up',
  ]);
  expect(vlanLines(topology, uplinkOf(topology, LEAF, true))[0]).toBe('vlan add dev lag0 vid 20');
});

test('where no network has a VLAN the bridge needs to know none', async () => {
  const topology = await defaultTopology('flat.yaml');
  expect(bridgeOptions(topology)).toBe('br0 type bridge mcast_snooping 0');
  expect(vlanLines(topology, ['to-host'])).toEqual([]);
});
