import { expect, test } from '@playwright/test';
import { LackError } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import { defaultTopology } from '../../testing/defaultLab.js';
import type { Topology } from '../../topology/model.js';
import { sriov } from './plane.js';
import { bondModeNamed } from './traits.js';
import { bondLines, cableTable, nicsOf, vfLines } from './wiring.js';

const NICS = { nics: [0, 1].map((nic) => ({ pf: `pf${nic}`, wire: `wire${nic}` })) };

test('the host gives each function its MAC, and a VLAN where its VM does not tag', async () => {
  const topology = await defaultTopology();
  const vf = (mac: string, vlan = '') => `mac ${mac} spoofchk on${vlan}`;
  const each = [
    vf(topology.host.mac),
    vf('02:00:00:00:01:0a', ' vlan 20'),
    vf('02:00:00:00:01:0b', ' vlan 20'),
    vf(topology.vms[2]?.mac ?? ''),
  ];
  expect(vfLines(topology, NICS)).toEqual(
    ['pf0', 'pf1'].flatMap((pf) => each.map((what, n) => `link set dev ${pf} vf ${n} ${what}`)),
  );
});

test('functions have their MAC before they are in a bond, and the first one is in use', () => {
  const lines = (mode: string) => bondLines('eth0', '02:00:00:00:01:0a', ['vf0', 'vf1'], bondModeNamed(mode));
  expect(lines('active-backup')).toEqual([
    'link add name eth0 address 02:00:00:00:01:0a type bond mode active-backup miimon 100',
    'link set dev vf0 address 02:00:00:00:01:0a',
    'link set dev vf0 master eth0',
    'link set dev vf1 address 02:00:00:00:01:0a',
    'link set dev vf1 master eth0',
    'link set dev eth0 type bond primary vf0',
    'link set dev eth0 up',
  ]);
  expect(lines('balance-xor').filter((line) => line.includes('primary'))).toEqual([]);
});

test('each leg is the cable of one NIC, both ways', async () => {
  const table = cableTable(await defaultTopology(), NICS);
  const ways = [...table.matchAll(/device "(\S+)" .*\n\s+fwd to "(\S+)"/g)].map(([, from, to]) => `${from} ${to}`);
  expect(ways).toEqual(['wire0 up-a', 'up-a wire0', 'wire1 up-b', 'up-b wire1']);
});

test('a lab without such NICs is told what has them', () => {
  const lab = {} as Lab;
  expect(() => nicsOf(lab)).toThrow(LackError);
  expect(() => nicsOf(lab)).toThrow('NICs with SR-IOV');
});

test('a topology with more legs or VMs than there are NICs and functions is refused, and so are its own names', async () => {
  const topology = await defaultTopology();
  const [leg] = topology.legs;
  const [vm] = topology.vms;
  if (leg === undefined || vm === undefined) throw new Error('it has neither');
  const hints = (change: Partial<Topology>) => sriov.check({ ...topology, ...change }).map(({ text }) => text);
  expect(hints({})).toEqual([]);
  expect(hints({ legs: [leg, leg, leg] })).toEqual(['sriov has 2 NICs, and no leg without one']);
  const seven = Array.from({ length: 7 }, () => vm);
  expect(hints({ vms: seven })).toEqual(['each NIC has 7 VFs, one for the host and one for each VM']);
  expect(hints({ vms: seven.slice(1) })).toEqual([]);
  for (const nic of ['vf0', 'sidedoor', 'vlan20'])
    expect(hints({ vms: [{ ...vm, nic }] })).toEqual([`"${nic}" is an interface that sriov makes in each VM`]);
  const plane = { ...topology.host.plane, options: { mtu: 9000 } };
  expect(hints({ host: { ...topology.host, plane } })).toEqual(['the data plane sriov has no option "mtu"']);
});
