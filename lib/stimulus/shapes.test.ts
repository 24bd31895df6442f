import { defaultTopology } from '../testing/defaultLab.js';
import { expect, test } from '@playwright/test';
import { sendersOf } from '../topology/senders.js';
import { classify, newClassification } from '../wire/classify.js';
import { KINDS } from '../wire/kinds.js';
import { craftFlows } from './crafted.js';
import { craftShapes } from './shapes.js';
import { gatewayFlowPaths, flowPathsOf, neighborFlowPaths, serverFlowPaths } from './flowPath.js';

const topology = await defaultTopology('dual-leaf.yaml');
const senders = sendersOf(topology);

test('a shape changes what a frame looks like, and not what kind it is', () => {
  let id = 0;
  const out = newClassification();
  const shaped = senders
    .flatMap((sender) => flowPathsOf(topology, sender))
    .flatMap((flowPath) => craftShapes(flowPath, { salt: 1, nextId: () => ++id, group: '' }));
  expect(new Set(shaped.map(({ group }) => group)).size).toBe(13);
  for (const { kind, group, frame } of shaped) {
    const bytes = Buffer.from(frame, 'hex');
    expect(KINDS[classify(bytes, 0, bytes.length, out)]?.id, group).toBe(kind);
  }
});

test('flow paths of a leaf lead to one sender of each network, or to each sender in each of its networks', () => {
  const goals = (reach?: 'each') =>
    gatewayFlowPaths(topology, 'leaf-a', reach)
      .map(({ network, gatewayMac }) => `${network} ${gatewayMac}`)
      .sort();
  const all = senders.flatMap(({ mac, addresses }) => addresses.map(({ network }) => `${network} ${mac}`)).sort();
  expect(goals('each')).toEqual(all);
  expect(
    serverFlowPaths(topology, 'leaf-a', 'each')
      .map(({ network, gatewayMac }) => `${network} ${gatewayMac}`)
      .sort(),
  ).toEqual(all);
  expect(goals()).toHaveLength(topology.networks.length);
  expect(all).toEqual(expect.arrayContaining([...goals()]));
});

test('flow paths between senders of one host lead to each other one of a network, and to nobody else', () => {
  const flowPaths = senders.flatMap((sender) => neighborFlowPaths(topology, sender));
  const nameOf = (mac: string) => senders.find((sender) => sender.mac === mac)?.node;
  expect(
    flowPaths.map(({ sender, network, gatewayMac }) => `${sender.node} ${network} ${nameOf(gatewayMac)}`).sort(),
  ).toEqual(['vm1 v20 vm2', 'vm1 v20 vm3', 'vm2 v20 vm1', 'vm2 v20 vm3', 'vm3 v20 vm1', 'vm3 v20 vm2']);
  for (const { gatewayMac, gateway4, gateway6 } of flowPaths)
    expect(senders.find(({ mac }) => mac === gatewayMac)?.addresses).toContainEqual({
      network: 'v20',
      ipv4: gateway4,
      ipv6: gateway6,
    });
});

test('each leaf has another server behind it, which shares MAC and addresses with nobody', () => {
  const servers = topology.leaves.map(({ name }) => serverFlowPaths(topology, name));
  const macs = servers.map((flowPaths) => new Set(flowPaths.map((flowPath) => flowPath.sender.mac)));
  expect(macs.map((one) => [...one])).toEqual([['02:00:00:04:01:01'], ['02:00:00:04:02:01']]);
  expect(servers.map((flowPaths) => flowPaths.map((flowPath) => flowPath.network))).toEqual(
    topology.leaves.map(({ name }) => gatewayFlowPaths(topology, name).map((flowPath) => flowPath.network)),
  );
  const addresses = servers.flat().flatMap((flowPath) => [flowPath.ipv4, flowPath.ipv6]);
  const others = [
    ...senders.flatMap((sender) => sender.addresses.flatMap((one) => [one.ipv4, one.ipv6])),
    ...topology.networks.flatMap((network) => [network.gateway4, network.gateway6]),
  ];
  expect(new Set([...addresses, ...others]).size).toBe(addresses.length + new Set(others).size);
});

test('no two senders send from one MAC, whatever theirs have in common', () => {
  const sourceOf = ({ frame }: { readonly frame: string }) => frame.slice(12, 24);
  const alike = topology.vms.map((vm, i) => ({ ...vm, mac: `02:00:0${i}:00:01:0a` }));
  const changed = { ...topology, vms: alike };
  const options = { salt: 1, nextId: () => 1, group: '' };
  const used = [topology.host, ...alike].map(
    (sender) =>
      new Set(
        flowPathsOf(changed, sender)
          .flatMap((flowPath) => [
            ...craftShapes(flowPath, options),
            ...craftFlows(flowPath, 'data-udp', 3, 'sources', options),
          ])
          .map(sourceOf),
      ),
  );
  expect(used.map((macs) => macs.size)).toEqual([6, 6, 6, 6]);
  expect(new Set(used.flatMap((macs) => [...macs])).size).toBe(24);
});
