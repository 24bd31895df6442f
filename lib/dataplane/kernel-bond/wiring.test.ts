import { expect, test } from '@playwright/test';
import { need } from '../../testbed/capability.js';
import { defaultTopology } from '../../testing/defaultLab.js';
import { untaggedVlan } from '../../topology/untaggedVlan.js';
import { vlanLines } from './wiring.js';
import { withoutPort } from './withoutPort.js';

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

test('a port that comes back gets its own VLANs, and no lines where it is as the bridge makes each', async () => {
  const topology = await defaultTopology();
  const again = (vm: string) => need(withoutPort(topology, vm)).undo.slice(1);
  const batch = (input: string) => [{ node: 'host', argv: ['bridge', '-batch', '-'], input }];
  expect(again('vm2')).toEqual(batch('vlan del dev vm2 vid 1\nvlan add dev vm2 vid 20 pvid untagged'));
  expect(again('vm3')).toEqual(batch('vlan del dev vm3 vid 1\nvlan add dev vm3 vid 20\nvlan add dev vm3 vid 30'));
  expect(withoutPort(topology, 'vm9')).toMatchObject({ ok: false, lack: { output: 'there are vm1, vm2, vm3' } });
  const vms = topology.vms.map((vm) => ({ ...vm, attachment: { type: 'native', network: 'native' } as const }));
  expect(need(withoutPort({ ...topology, vms }, 'vm1')).undo).toHaveLength(1);
});
