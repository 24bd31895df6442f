import { expect, test } from '@playwright/test';
import { flowEndings } from './flowEndings.js';

// As ovs-ofctl 3.1.0 prints them with -O OpenFlow13.
const DUMP = `OFPST_FLOW reply (OF1.3) (xid=0x2):
 cookie=0x0, duration=2.041s, table=0, n_packets=7, n_bytes=294, hard_timeout=25, priority=200,arp,vlan_tci=0x1000/0x1000 actions=NORMAL
 cookie=0x0, duration=2.092s, table=0, n_packets=0, n_bytes=0, priority=0 actions=NORMAL
 cookie=0x12, duration=3s, table=1, n_packets=0, n_bytes=0, idle_timeout=20, hard_timeout=25, priority=200,icmp6,icmp_type=135 actions=learn(table=2,idle_timeout=9,hard_timeout=7,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[])
 cookie=0x0, duration=2.100s, table=0, n_packets=0, n_bytes=0, priority=1,arp actions=learn(table=2,idle_timeout=9)
`;

test('flows that end by themselves, with the time that they have left; not those that make such flows', () => {
  expect(flowEndings(DUMP)).toEqual([
    {
      what: 'flow "table=0, priority=200,arp,vlan_tci=0x1000/0x1000 actions=NORMAL"',
      ageMs: 2_041,
      leftMs: 22_959,
    },
    {
      what: 'flow "table=1, priority=200,icmp6,icmp_type=135 actions=learn(table=2,idle_timeout=9,hard_timeout=7,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[])"',
      ageMs: 3_000,
      leftMs: 20_000,
    },
  ]);
});

test('a flow whose time is up and that is still there has none left', () => {
  const [only] = flowEndings(DUMP.replace('duration=2.041s', 'duration=25.5s'));
  expect(only?.leftMs).toBe(0);
});
