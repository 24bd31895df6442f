import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import { asOvsPlane } from '../../ovs/testing/asOvsPlane.js';
import { defaultTopology, bringUpDefault, openDefaultTestbed } from '../../testing/defaultLab.js';

for (const mode of DEFAULTS.dataPlanes[0]?.variants ?? []) {
  test(`a lab comes up with every leg in the bond, one after another on one agent: ${mode}`, async () => {
    const topology = await defaultTopology('dual-leaf.yaml', mode);
    await using testbed = await openDefaultTestbed();
    for (let i = 0; i < 2; i++) {
      await using lab = await testbed.open({ topology });
      const plane = await bringUpDefault(lab, mode);
      const facts = await plane.audit();
      expect(facts.filter((fact) => !fact.ok)).toEqual([]);
      expect(facts.map((fact) => fact.name)).toEqual(
        expect.arrayContaining(['bond mode', 'member up-a', 'member up-b']),
      );
      expect(facts.find((fact) => fact.name === 'bond mode')?.value).toBe(mode);
    }
  });
}

test('a bond that waits before it uses a leg, or leaves it, is not the one that the lab made', async () => {
  const topology = await defaultTopology();
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology });
  const plane = asOvsPlane(await bringUpDefault(lab));
  await plane.ovs.vsctl([
    'set',
    'port',
    topology.host.plane.bond ?? '',
    'bond_updelay=5000',
    'bond_downdelay=300',
    'other_config:lacp-fallback-ab=true',
  ]);
  const wrong = (await plane.audit()).filter((fact) => !fact.ok);
  expect(wrong.map(({ value }) => value)).toEqual(['true', '5000 ms', '300 ms']);
});

test('no port of a leaf or of the host speaks IPv6 or answers ARP by itself', async () => {
  const topology = await defaultTopology();
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology });
  await bringUpDefault(lab);
  for (const leg of topology.legs) {
    for (const [name, port] of [
      [leg.leaf, leg.leafPort],
      [topology.host.node, leg.hostPort],
    ] as const) {
      const node = lab.node(name);
      expect((await node.exec(['ip', '-6', 'addr', 'show', 'dev', port])).stdout, `${name}:${port}`).toBe('');
      expect(
        (await node.exec(['cat', `/proc/sys/net/ipv4/conf/${port}/arp_ignore`])).stdout.trim(),
        `${name}:${port}`,
      ).toBe('8');
    }
  }
});

test('a lab that is taken down leaves no namespace with its agent', async () => {
  const topology = await defaultTopology();
  await using testbed = await openDefaultTestbed();
  const first = await testbed.open({ topology });
  await first[Symbol.asyncDispose]();
  await using second = await testbed.open({ topology });
  const { stdout } = await second.node('host').exec(['ls', '/run/netns']);
  expect(stdout.trim().split('\n').sort()).toEqual(['2-host', '2-leaf-a', '2-leaf-b', '2-vm1', '2-vm2', '2-vm3']);
});
