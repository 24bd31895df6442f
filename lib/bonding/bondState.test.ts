import { expect, test } from '@playwright/test';
import { carries, distributes, lacpOf, readBond } from './bondState.js';

const port = (name: string, status: string, aggregator: number, actor: number, partner: string) => `
Slave Interface: ${name}
MII Status: ${status}
Speed: 10000 Mbps
Aggregator ID: ${aggregator}
details actor lacp pdu:
    system priority: 65535
    system mac address: 02:00:00:00:01:01
    port state: ${actor}
details partner lacp pdu:
    system priority: 1000
    system mac address: ${partner}
    port state: 63
`;

const HEAD = `Ethernet Channel Bonding Driver: v7.3.4

Bonding Mode: IEEE 802.3ad Dynamic link aggregation
Transmit Hash Policy: layer3+4 (1)
MII Status: up

802.3ad info
LACP active: on
LACP rate: fast
Active Aggregator Info:
\tAggregator ID: 1
\tNumber of ports: 2
`;

test('the kernel tells of each port whether it carries, and its partner', () => {
  const state = readBond(
    `${HEAD}${port('up-a', 'up', 1, 63, '02:00:00:ff:00:01')}${port('up-b', 'up', 2, 71, '00:00:00:00:00:00')}`,
  );
  expect(state).toMatchObject({ mode: 'IEEE 802.3ad Dynamic link aggregation', policy: 'layer3+4 (1)', rate: 'fast' });
  expect(state.ports.map((one) => [one.name, carries(state, one), lacpOf(one), one.partnerSystem])).toEqual([
    ['up-a', true, 'current', '02:00:00:ff:00:01'],
    ['up-b', false, 'defaulted', '00:00:00:00:00:00'],
  ]);
});

test('a port that expired, has no carrier, or is in another aggregator carries nothing', () => {
  const all = [port('up-a', 'up', 1, 143, 'x'), port('up-b', 'down', 1, 63, 'x'), port('up-c', 'up', 3, 63, 'x')];
  const state = readBond(HEAD + all.join(''));
  expect(state.ports.map((one) => carries(state, one))).toEqual([false, false, false]);
  expect(state.ports.map(lacpOf)).toEqual(['expired', 'current', 'current']);
});

test('without an active aggregator nothing carries', () => {
  const state = readBond(`bond bond0 has no active aggregator\n${port('up-a', 'up', 1, 63, 'x')}`);
  expect(state.activeAggregator).toBeNull();
  expect(state.ports.map((one) => carries(state, one))).toEqual([false]);
});

test('both ends of a port must carry; a leaf with one port does not call it an aggregate', () => {
  const states = [
    [63, 63],
    [63, 59],
    [63, 7],
    [63, 191],
    [15, 63],
  ] as const;
  expect(states.map(([actor, partner]) => distributes({ actor, partner }))).toEqual([true, true, false, false, false]);
});
