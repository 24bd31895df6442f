import { expect, test } from '@playwright/test';
import { neighborFlowsIn } from './flows.js';

/** As Open vSwitch 3.5 tells a flow, with what is the same in all left out. */
const flow = (ufid: string, what: string, rest: string) =>
  `ufid:${ufid}, recirc_id(0),dp_hash(0/0),${what}, packets:0, bytes:0, used:never, ${rest}`;

const REQUEST = flow(
  'ce617451-440b-4dde-9714-ef46b9f4e424',
  'in_port(vm1),eth(src=ca:13:35:b7:b5:a8,dst=ff:ff:ff:ff:ff:ff),eth_type(0x0806),arp(sip=10.1.0.1,tip=10.1.0.2,op=1)',
  'dp:tc, actions:push_vlan(vid=20,pcp=0),bond0,br0,pop_vlan,vm2',
);
const FROM_A_LEAF = flow(
  '446bcac8-c9f2-4a71-8248-22b2d1a28594',
  'in_port(bond0),eth(src=6a:71:ef:4a:25:95,dst=33:33:ff:4a:25:95),eth_type(0x8100),vlan(vid=20,pcp=0),encap(eth_type(0x86dd),ipv6(proto=0/0,frag=no))',
  'dp:ovs, actions:pop_vlan,vm2',
);
const DATA = flow(
  '63d1a9ff-8af1-4b15-969e-2546868b598a',
  'in_port(vm1),eth(src=ca:13:35:b7:b5:a8,dst=ba:b7:4b:b4:c5:38),eth_type(0x0800),ipv4(frag=no)',
  'dp:tc, actions:vm2',
);
const ROUTERS = flow(
  'c8bf0771-2969-4638-a146-4ac60949c50f',
  'in_port(vm1),eth(src=ca:13:35:b7:b5:a8,dst=33:33:00:00:00:02),eth_type(0x86dd),ipv6(frag=no)',
  'dp:tc, actions:vm2',
);

test('flows of ARP, and those to solicited nodes, are told from others, with what forwards them and their outputs', () => {
  expect(neighborFlowsIn([REQUEST, DATA, ROUTERS, FROM_A_LEAF, ''].join('\n'))).toEqual([
    // The cookie of its filter, as tc shows it.
    { cookie: '517461cede4d0b4446ef149724e4f4b9', kind: 'ARP', from: 'vm1', by: 'tc', outputs: 3 },
    { cookie: 'c8ca6b44714af2c9b22248829485a2d1', kind: 'ND', from: 'bond0', by: 'ovs', outputs: 1 },
  ]);
});

test('a flow that drops has no output, and neither has what is done by an action with arguments', () => {
  const outputs = (actions: string) =>
    neighborFlowsIn(REQUEST.replace(/actions:.*/, `actions:${actions}`)).map((one) => one.outputs);
  expect(outputs('drop')).toEqual([0]);
  expect(outputs('userspace(pid=1,slow_path(controller)),set(eth(dst=02:00:00:00:00:01)),vm2')).toEqual([1]);
});
