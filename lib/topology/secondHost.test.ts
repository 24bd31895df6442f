import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { wiredLinks } from '../lab/links.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { defaultTopology } from '../testing/defaultLab.js';
import { readdirSync } from 'node:fs';
import type { Topology } from './model.js';
import { withSecondHost } from './addSecondHost.js';
import { seenBySecondHost, secondSendersOf } from './secondHost.js';
import { sendersOf } from './senders.js';

const everyAddress = (topology: Topology): readonly string[] => [
  ...topology.networks.flatMap(({ gateway4, gateway6 }) => [gateway4, gateway6]),
  ...[...sendersOf(topology), ...secondSendersOf(topology)].flatMap(({ addresses }) =>
    addresses.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]),
  ),
];

for (const file of readdirSync(join(PACKAGE_ROOT, 'topologies')).filter((name) => name.endsWith('.yaml')))
  test(`${file}: a second host has nothing in common with the first but networks and leaves`, async () => {
    const topology = withSecondHost(await defaultTopology(file));
    const links = wiredLinks(topology);
    const ports = links.flatMap(({ a, b }) => [a, b]);
    const macs = [...ports.map(({ mac }) => mac), ...topology.networks.map(() => topology.leaves[0]?.gatewayMac ?? '')];
    const nics = new Set([...sendersOf(topology), ...secondSendersOf(topology)].map(({ mac }) => mac));
    expect(nics.size).toBe(2 * (topology.vms.length + 1));
    const own = [...new Set([...ports.map(({ mac }) => mac), topology.host.mac, topology.secondHost?.host.mac])];
    expect(own.length).toBe(new Set(macs).size + 1);
    expect(new Set(ports.map(({ node, port }) => `${node} ${port}`)).size).toBe(ports.length);
    expect(new Set(links.map(({ name }) => name)).size).toBe(links.length);
    const addresses = everyAddress(topology);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

test('it sees itself in place of the first, as another port of the same system', async () => {
  const topology = await defaultTopology();
  expect(seenBySecondHost(topology)).toBeNull();
  expect(secondSendersOf(topology)).toEqual([]);
  const seen = seenBySecondHost(withSecondHost(topology));
  expect(seen?.host).toMatchObject({ node: 'host-2', nic: 'br0', mac: '02:00:00:00:02:01' });
  expect(seen?.vms.map(({ node, hostPort, mac }) => [node, hostPort, mac])).toEqual([
    ['vm1-2', 'vm1-2', '02:00:00:00:02:0a'],
    ['vm2-2', 'vm2-2', '02:00:00:00:02:0b'],
    ['vm3-2', 'vm3-2', '02:00:00:00:02:0c'],
  ]);
  expect(seen?.legs.map(({ name, leaf, hostPort, leafPort }) => [name, leaf, hostPort, leafPort])).toEqual([
    ['leg-a-2', 'leaf-a', 'up-a', 'to-host-2'],
    ['leg-b-2', 'leaf-b', 'up-b', 'to-host-2'],
  ]);
  expect(seen?.lacp).toEqual({ ...topology.lacp, key: topology.lacp.key + 1 });
});

test('where there is no room for it, it says where', async () => {
  const topology = await defaultTopology();
  const small = { ...topology, networks: topology.networks.map((network) => ({ ...network, ipv4: '192.0.2.0/27' })) };
  expect(() => withSecondHost(small)).toThrow('the network native (192.0.2.0/27) has no room for a second host');
  const [first, ...rest] = topology.vms;
  const twice = { ...topology, vms: [first, { ...rest[0], node: 'vm1-2' }] } as Topology;
  expect(() => withSecondHost(twice)).toThrow('the name "vm1-2" is taken: a second host needs it');
});
