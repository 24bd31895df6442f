import { expect, test } from '@playwright/test';
import { defaultTopology } from '../../testing/defaultLab.js';
import { vfFactsIn } from './audit.js';

/** As iproute2 7.2 prints it: a function without a VLAN has an empty entry. */
const vf = (n: number, address: string, vlan: number | null, spoofchk = true) => ({
  ...{ vf: n, link_type: 'ether', address, broadcast: 'ff:ff:ff:ff:ff:ff', spoofchk, link_state: 'auto', trust: false },
  vlan_list: [vlan === null ? {} : { vlan }],
});

test('each function is as its sender needs it, or it is told what it is', async () => {
  const topology = await defaultTopology();
  const { host, vms } = topology;
  const right = [
    vf(0, host.mac, null),
    ...vms.map(({ mac, attachment }, n) => vf(n + 1, mac, attachment.type === 'access' ? 20 : null)),
  ];
  const facts = (list: readonly object[]) =>
    vfFactsIn(topology, 'pf0', JSON.stringify([{ ifname: 'pf0', vfinfo_list: list }]));
  expect(facts(right).map(({ name, ok }) => `${name}: ${ok}`)).toEqual([
    'VF 0 of pf0, of host: true',
    'VF 1 of pf0, of vm1: true',
    'VF 2 of pf0, of vm2: true',
    'VF 3 of pf0, of vm3: true',
  ]);
  const wrong = (n: number, other: object) =>
    facts(right.map((one, index) => (index === n ? other : one))).flatMap(({ ok, value }) => (ok ? [] : [value]));
  const mac = vms[0]?.mac ?? '';
  expect(wrong(1, vf(1, mac, 30))).toEqual([`${mac}, VLAN 30, spoof checking on`]);
  expect(wrong(1, vf(1, mac, null))).toEqual([`${mac}, no VLAN, spoof checking on`]);
  expect(wrong(1, vf(1, mac, 20, false))).toEqual([`${mac}, VLAN 20, spoof checking off`]);
  expect(wrong(1, vf(1, '00:00:00:00:00:00', 20))).toEqual(['00:00:00:00:00:00, VLAN 20, spoof checking on']);
  expect(wrong(1, vf(9, mac, 20))).toEqual(['there is none']);
  for (const nothing of ['', 'no JSON', '[{}]'])
    expect(vfFactsIn(topology, 'pf0', nothing).map(({ ok }) => ok)).toEqual([false, false, false, false]);
});
