import { expect, test } from '@playwright/test';
import type { BridgePort } from './ports.js';
import { MULTICAST, ovsRecipe, pushTag, RIGHT, TO_GROUP, type RecipeOptions } from './recipe.js';

const port = (name: string, ofport: number, more: Partial<BridgePort> = {}): BridgePort => ({
  name,
  ofport,
  uplink: false,
  local: false,
  tag: null,
  trunks: [],
  mac: null,
  ...more,
});

const UPLINKS = [port('up-a', 1, { uplink: true }), port('up-b', 2, { uplink: true })];
const HOST = port('br0', 65534, { local: true, mac: '02:00:00:00:00:01' });
const ACCESS = port('vm1', 3, { tag: 20, mac: '02:00:00:00:01:0a' });
const TRUNK = port('vm3', 5, { trunks: [20, 30], mac: '02:00:00:00:01:0c' });

/** Flows as `match => actions`, without the parts that are the same everywhere. */
function flows(ports: readonly BridgePort[], options: Partial<RecipeOptions> = { matches: ['arp'] }): string[] {
  return ovsRecipe([...UPLINKS, ...ports], { ...RIGHT, ...options }).flows.map((flow) =>
    flow.replace(',actions=', ' => ').replace(MULTICAST, 'multicast'),
  );
}

test('one bucket for each uplink', () => {
  expect(ovsRecipe([...UPLINKS, HOST]).group).toBe(
    'group_id=1,type=all,bucket=actions=output:1,bucket=actions=output:2',
  );
});

test('ARP, NS and NA of a sender, and nothing else, leave the normal way', () => {
  expect(ovsRecipe([...UPLINKS, ACCESS]).flows.filter((flow) => flow.startsWith('table=0'))).toEqual([
    'table=0,priority=200,in_port=3,vlan_tci=0x0000/0x1fff,arp,actions=push_vlan:0x8100,set_field:4116->vlan_vid,resubmit(,10)',
    'table=0,priority=200,in_port=3,vlan_tci=0x0000/0x1fff,icmp6,icmp_type=135,actions=push_vlan:0x8100,set_field:4116->vlan_vid,resubmit(,10)',
    'table=0,priority=200,in_port=3,vlan_tci=0x0000/0x1fff,icmp6,icmp_type=136,actions=push_vlan:0x8100,set_field:4116->vlan_vid,resubmit(,10)',
    'table=0,priority=0,actions=NORMAL',
  ]);
});

test('a native sender goes out without a tag, and with the tags of its own VLAN devices', () => {
  expect(flows([HOST])).toEqual([
    'table=0,priority=200,in_port=LOCAL,vlan_tci=0x0000/0x1fff,arp => resubmit(,10)',
    'table=0,priority=200,in_port=LOCAL,vlan_tci=0x1000/0x1000,arp => resubmit(,10)',
    'table=0,priority=0 => NORMAL',
    'table=10,priority=220,vlan_tci=0x0000/0x1fff,dl_dst=02:00:00:00:00:01 => output:LOCAL',
    'table=10,priority=210,vlan_tci=0x0000/0x1fff,multicast => output:LOCAL,group:1',
    'table=10,priority=200,vlan_tci=0x0000/0x1fff => group:1',
    'table=10,priority=100,vlan_tci=0x1000/0x1000 => output:LOCAL,group:1',
  ]);
});

test('access and trunk ports hear each other in their VLANs, each in its own form', () => {
  expect(flows([ACCESS, TRUNK])).toEqual([
    'table=0,priority=200,in_port=3,vlan_tci=0x0000/0x1fff,arp => push_vlan:0x8100,set_field:4116->vlan_vid,resubmit(,10)',
    'table=0,priority=200,in_port=5,dl_vlan=20,arp => resubmit(,10)',
    'table=0,priority=200,in_port=5,dl_vlan=30,arp => resubmit(,10)',
    'table=0,priority=0 => NORMAL',
    'table=10,priority=210,vlan_tci=0x0000/0x1fff,multicast => group:1',
    'table=10,priority=200,vlan_tci=0x0000/0x1fff => group:1',
    'table=10,priority=220,dl_vlan=20,dl_dst=02:00:00:00:01:0a => pop_vlan,output:3',
    'table=10,priority=220,dl_vlan=20,dl_dst=02:00:00:00:01:0c => output:5',
    'table=10,priority=210,dl_vlan=20,multicast => output:5,group:1,pop_vlan,output:3',
    'table=10,priority=200,dl_vlan=20 => group:1',
    'table=10,priority=220,dl_vlan=30,dl_dst=02:00:00:00:01:0c => output:5',
    'table=10,priority=210,dl_vlan=30,multicast => output:5,group:1',
    'table=10,priority=200,dl_vlan=30 => group:1',
    'table=10,priority=100,vlan_tci=0x1000/0x1000 => group:1',
  ]);
});

test('a port whose MAC nobody told also gets the unicast frames of its VLAN', () => {
  const nameless = flows([ACCESS, { ...ACCESS, name: 'vm2', ofport: 4, mac: null }]);
  expect(nameless).toContain('table=10,priority=200,dl_vlan=20 => group:1,pop_vlan,output:4');
  expect(nameless.filter((flow) => flow.includes('dl_dst=') && flow.includes('output:4'))).toEqual([]);
});

test('a host port without VLAN settings hears every VLAN, tagged', () => {
  expect(flows([HOST, ACCESS])).toContain(
    'table=10,priority=210,dl_vlan=20,multicast => output:LOCAL,group:1,pop_vlan,output:3',
  );
});

test('each wrong option changes what it says, and only that', () => {
  const ports = [HOST, ACCESS, TRUNK];
  const right = flows(ports);
  const difference = (options: Partial<RecipeOptions>) => {
    const wrong = flows(ports, { matches: ['arp'], ...options });
    return {
      gone: right.filter((flow) => !wrong.includes(flow)).length,
      new: wrong.filter((flow) => !right.includes(flow)),
    };
  };
  expect(
    difference({
      anyInPort: [
        { what: 'arp,dl_src=02:00:00:0f:00:01', actions: ['NORMAL'] },
        { what: 'arp', actions: [TO_GROUP] },
      ],
    }),
  ).toEqual({
    gone: 0,
    new: ['table=0,priority=140,arp,dl_src=02:00:00:0f:00:01 => NORMAL', 'table=0,priority=139,arp => group:1'],
  });
  expect(difference({ pushes: () => ['push_vlan:0x8100', 'set_field:4126->vlan_vid'] })).toEqual({
    gone: 1,
    new: [
      'table=0,priority=200,in_port=3,vlan_tci=0x0000/0x1fff,arp => push_vlan:0x8100,set_field:4126->vlan_vid,resubmit(,10)',
    ],
  });
  expect(difference({ senders: ({ tag, trunks }) => tag === null && trunks.length === 0 })).toEqual({
    gone: 3,
    new: [],
  });
  expect(difference({ matches: ['arp', 'icmp6'] })).toEqual({
    gone: 0,
    new: right.filter((flow) => flow.includes(',arp')).map((flow) => flow.replace(',arp', ',icmp6')),
  });
  const besides = difference({ besides: () => ['NORMAL'] });
  expect(besides.new).toEqual(
    right.filter((flow) => flow.includes(',arp')).map((flow) => flow.replace(' => ', ' => NORMAL,')),
  );
  expect(besides.gone).toBe(besides.new.length);
  // No flow for one MAC: what is for it goes where the unknown goes, to the leaves.
  expect(difference({ onHost: (ports, cast) => (cast === 'unicast' ? [] : ports) })).toEqual({
    gone: right.filter((flow) => flow.includes('dl_dst=')).length,
    new: [],
  });
  const nobody = difference({ onHost: () => [] });
  expect(nobody.new.filter((flow) => /=> .*output:/.test(flow))).toEqual([]);
  expect(nobody.new.every((flow) => flow.includes('multicast => group:1'))).toBe(true);
  expect(
    difference({
      others: (sender, [first]) =>
        sender.local ? [] : [{ what: 'tcp', actions: [...pushTag(sender), `output:${first?.ofport ?? 0}`] }],
    }),
  ).toEqual({
    gone: 0,
    new: [
      'table=0,priority=150,in_port=3,tcp => push_vlan:0x8100,set_field:4116->vlan_vid,output:1',
      'table=0,priority=150,in_port=5,tcp => output:1',
    ],
  });
});
