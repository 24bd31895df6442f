import { expect, test } from '@playwright/test';
import type { MacEntry } from '../evidence/types.js';
import { testTopology } from '../judge/testing/topology.js';
import { silenceBroken, unknownSenders } from './silence.js';

const topology = testTopology(2, 2, 'balance-tcp');
const row = (node: string, mac: string): MacEntry => ({ node, port: 'to-host', vlan: 10, mac });
const HOST = row('leaf-a', topology.host.mac);
const [VM1, VM2] = topology.vms.map(({ mac }) => row('leaf-b', mac)) as [MacEntry, MacEntry];
const STRANGER = row('leaf-a', '02:00:00:04:01:01');

test('every sender was known to some switch, and none is any more', () => {
  expect(silenceBroken({ topology, before: [HOST, VM1, VM2], after: [] })).toBeNull();
  expect(silenceBroken({ topology, before: [HOST, VM1, VM2, STRANGER], after: [STRANGER] })).toBeNull();
});

test('a sender that one switch still knows was not silent, or the switch forgets nothing', () => {
  const said = silenceBroken({
    topology,
    before: [HOST, VM1, VM2],
    after: [row('leaf-b', VM1.mac.toUpperCase()), row('leaf-a', VM1.mac), HOST],
  });
  expect(said).toBe('switches still know host (leaf-a), vm1 (leaf-a, leaf-b)');
});

test('tables that never knew a sender cannot show that it was forgotten', () => {
  expect(silenceBroken({ topology, before: [HOST, VM2, STRANGER], after: [] })).toBe('no switch knew vm1 before');
  expect(unknownSenders(topology, [])).toEqual(['host', 'vm1', 'vm2']);
});
