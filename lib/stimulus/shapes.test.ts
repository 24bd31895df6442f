import { defaultTopology } from '../testing/defaultLab.js';
import { expect, test } from '@playwright/test';
import { sendersOf } from '../topology/senders.js';
import { classify, newClassification } from '../wire/classify.js';
import { KINDS } from '../wire/kinds.js';
import { craftFlows } from './crafted.js';
import { craftShapes } from './shapes.js';
import { gatewayLanes, lanesOf, neighborLanes, serverLanes } from './lane.js';

const topology = await defaultTopology('dual-leaf.yaml');
const senders = sendersOf(topology);

test('a shape changes what a frame looks like, and not what kind it is', () => {
  let id = 0;
  const out = newClassification();
  const shaped = senders
    .flatMap((sender) => lanesOf(topology, sender))
    .flatMap((lane) => craftShapes(lane, { salt: 1, nextId: () => ++id, group: '' }));
  expect(new Set(shaped.map(({ group }) => group)).size).toBe(11);
  for (const { kind, group, frame } of shaped) {
    const bytes = Buffer.from(frame, 'hex');
    expect(KINDS[classify(bytes, 0, bytes.length, out)]?.id, group).toBe(kind);
  }
});

test('lanes of a leaf lead to one sender of each network, or to each sender in each of its networks', () => {
  const goals = (reach?: 'each') =>
    gatewayLanes(topology, 'leaf-a', reach)
      .map(({ network, gatewayMac }) => `${network} ${gatewayMac}`)
      .sort();
  const all = senders.flatMap(({ mac, addresses }) => addresses.map(({ network }) => `${network} ${mac}`)).sort();
  expect(goals('each')).toEqual(all);
  expect(
    serverLanes(topology, 'leaf-a', 'each')
      .map(({ network, gatewayMac }) => `${network} ${gatewayMac}`)
      .sort(),
  ).toEqual(all);
  expect(goals()).toHaveLength(topology.networks.length);
  expect(all).toEqual(expect.arrayContaining([...goals()]));
});

test('lanes between senders of one host lead to each other one of a network, and to nobody else', () => {
  const lanes = senders.flatMap((sender) => neighborLanes(topology, sender));
  const nameOf = (mac: string) => senders.find((sender) => sender.mac === mac)?.node;
  expect(
    lanes.map(({ sender, network, gatewayMac }) => `${sender.node} ${network} ${nameOf(gatewayMac)}`).sort(),
  ).toEqual(['vm1 v20 vm2', 'vm1 v20 vm3', 'vm2 v20 vm1', 'vm2 v20 vm3', 'vm3 v20 vm1', 'vm3 v20 vm2']);
  for (const { gatewayMac, gateway4, gateway6 } of lanes)
    expect(senders.find(({ mac }) => mac === gatewayMac)?.addresses).toContainEqual({
      network: 'v20',
      ipv4: gateway4,
      ipv6: gateway6,
    });
});

test('each leaf has another server behind it, which shares MAC and addresses with nobody', () => {
  const servers = topology.leaves.map(({ name }) => serverLanes(topology, name));
  const macs = servers.map((lanes) => new Set(lanes.map((lane) => lane.sender.mac)));
  expect(macs.map((one) => [...one])).toEqual([['02:00:00:04:01:01'], ['02:00:00:04:02:01']]);
  expect(servers.map((lanes) => lanes.map((lane) => lane.network))).toEqual(
    topology.leaves.map(({ name }) => gatewayLanes(topology, name).map((lane) => lane.network)),
  );
  const addresses = servers.flat().flatMap((lane) => [lane.ipv4, lane.ipv6]);
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
        lanesOf(changed, sender)
          .flatMap((lane) => [...craftShapes(lane, options), ...craftFlows(lane, 'data-udp', 3, 'sources', options)])
          .map(sourceOf),
      ),
  );
  expect(used.map((macs) => macs.size)).toEqual([6, 6, 6, 6]);
  expect(new Set(used.flatMap((macs) => [...macs])).size).toBe(24);
});
