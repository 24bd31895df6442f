import { expect, test } from '@playwright/test';
import { bondFacts } from '../../bonding/audit.js';
import { mayCarry, readBond } from '../../bonding/bondState.js';
import { bondOptions } from '../../bonding/mode.js';
import { bondModeNamed, kernelBondTraits, VARIANTS } from './traits.js';

const LEGS = ['up-a', 'up-b'];

/** As kernel 7.3.4 tells it. */
const BACKUP = `Ethernet Channel Bonding Driver: v7.3.4+deb13-cloud-amd64

Bonding Mode: fault-tolerance (active-backup)
Primary Slave: None
Currently Active Slave: up-a
MII Status: up

Slave Interface: up-a
MII Status: up

Slave Interface: up-b
MII Status: up
`;

test('a mode has LACP, and a hash policy, only where the kernel takes them', () => {
  expect(VARIANTS.map((variant) => bondOptions(bondModeNamed(variant)))).toEqual([
    'mode 802.3ad miimon 100 lacp_rate fast xmit_hash_policy layer3+4',
    'mode 802.3ad miimon 100 lacp_rate fast xmit_hash_policy layer2',
    'mode balance-xor miimon 100 xmit_hash_policy layer3+4',
    'mode balance-xor miimon 100 xmit_hash_policy layer2',
    'mode active-backup miimon 100',
    'mode balance-rr miimon 100',
    'mode broadcast miimon 100',
  ]);
  expect(() => bondModeNamed('balance-tlb')).toThrow('it has 802.3ad, ');
});

test('a mode spreads data by flows, by sources or not at all', () => {
  const told = VARIANTS.map((variant) => {
    const { lacp, spreads, hears } = kernelBondTraits(variant);
    return `${variant}: ${lacp ? 'LACP, ' : ''}${spreads}, ${hears.unicast} ${hears.multicast}`;
  });
  expect(told).toEqual([
    '802.3ad: LACP, flows, all all',
    '802.3ad-layer2: LACP, sources, all all',
    'balance-xor: flows, all all',
    'balance-xor-layer2: sources, all all',
    'active-backup: no, active active',
    'balance-rr: flows, all all',
    'broadcast: flows, all all',
  ]);
});

test('without LACP a port may carry that is up; the active one is told', () => {
  const state = readBond(BACKUP);
  expect(state.activePort).toBe('up-a');
  expect(state.ports.map((port) => mayCarry(state, port, false))).toEqual([true, true]);
  const down = readBond(
    BACKUP.replace('Slave Interface: up-b\nMII Status: up', 'Slave Interface: up-b\nMII Status: down'),
  );
  expect(down.ports.map((port) => mayCarry(down, port, false))).toEqual([true, false]);
  expect(readBond(BACKUP.replace('Active Slave: up-a', 'Active Slave: None')).activePort).toBeNull();
  // With LACP carrier is not enough.
  expect(state.ports.map((port) => mayCarry(state, port, true))).toEqual([false, false]);
});

test('the audit knows the mode, its policy, and a leg that is no port', () => {
  const wrong = (text: string, variant: string) =>
    bondFacts(readBond(text), bondModeNamed(variant), LEGS, 'cat')
      .filter(({ ok }) => !ok)
      .map(({ name }) => name);
  expect(wrong(BACKUP, 'active-backup')).toEqual([]);
  expect(wrong(BACKUP, 'balance-rr')).toEqual(['bond mode']);
  const xor = BACKUP.replace(/fault.*/, 'load balancing (xor)\nTransmit Hash Policy: layer2 (0)');
  expect(wrong(xor, 'balance-xor-layer2')).toEqual([]);
  expect(wrong(xor, 'balance-xor')).toEqual(['hash policy']);
  expect(wrong(BACKUP.replace('Interface: up-b', 'Interface: up-c'), 'active-backup')).toEqual(['leg up-b']);
});
