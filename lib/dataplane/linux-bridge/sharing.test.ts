import { expect, test } from '@playwright/test';
import { legFacts } from './audit.js';
import { fdbIn } from '../bridgeFdb.js';
import { carries, portsIn } from './ports.js';
import { shareRule, sharingLines, sharingOf, sharesScript, type Sharing } from './sharing.js';

const LEGS = ['up-a', 'up-b'];

test('one leg for everything: the one in use stays so while it has carrier', () => {
  expect(sharingOf('active-backup', LEGS, null)).toEqual({ live: LEGS, active: 'up-a' });
  expect(sharingOf('active-backup', LEGS, 'up-b').active).toBe('up-b');
  expect(sharingOf('active-backup', ['up-a'], 'up-b').active).toBe('up-a');
  expect(sharingOf('active-backup', [], 'up-b').active).toBe(null);
  expect(sharingOf('per-mac', LEGS, null)).toEqual({ live: LEGS, active: null });
});

test('every source MAC has exactly one leg with carrier', () => {
  for (const live of [['up-a'], LEGS, ['up-a', 'up-b', 'up-c']])
    for (const value of [0, 10, 11, 12, 255]) {
      const sends = live.filter((port) => {
        const rule = shareRule({ live, active: null }, port);
        const own = rule === null ? null : /\{ (.*) \}/.exec(rule)?.[1]?.split(', ').map(Number);
        return own === null || own?.includes(value) === true;
      });
      expect(sends, `${value} over ${live.join()}`).toHaveLength(1);
    }
});

test('a leg that has no part sends nothing, and none does before the first has carrier', () => {
  expect(sharesScript({ live: LEGS, active: 'up-b' }, LEGS)).toContain('oifname "up-a" drop');
  expect(sharesScript({ live: LEGS, active: 'up-b' }, LEGS)).not.toContain('oifname "up-b"');
  expect(sharesScript({ live: ['up-b'], active: null }, LEGS)).toContain('oifname "up-a" drop');
  for (const port of LEGS) expect(shareRule({ live: [], active: null }, port)).toBe(`oifname "${port}" drop`);
});

test('only the leg that sends everything learns, and what others have learned is forgotten', () => {
  expect(sharingLines({ live: LEGS, active: 'up-b' }, LEGS)).toEqual([
    'link set dev up-a type bridge_slave learning off isolated on fdb_flush',
    'link set dev up-b type bridge_slave learning on isolated on',
  ]);
});

const PORT = { master: 'vmbr0', flags: ['UP', 'LOWER_UP'], state: 'forwarding', learning: false, isolated: true };

test('the audit tells of a leg that is no port, hears the others, learns, or is not filtered', () => {
  const sharing: Sharing = { live: LEGS, active: 'up-a' };
  const right = [
    { ...PORT, ifname: 'up-a', learning: true },
    { ...PORT, ifname: 'up-b' },
  ];
  const shares = 'table bridge x {\n chain shares {\n  oifname "up-b" drop\n }\n}\n';
  const wrong = (ports: typeof right, text: string) =>
    legFacts(sharing, LEGS, ports, text).flatMap(({ ok, value }) => (ok ? [] : [value]));
  expect(wrong(right, shares)).toEqual([]);
  expect(wrong(right.slice(0, 1), shares)).toEqual(['it is no port of the bridge']);
  expect(
    wrong([right[0] ?? PORT, { ...PORT, ifname: 'up-b', isolated: false, learning: true }] as typeof right, shares),
  ).toEqual(['learning is on, isolated is off']);
  expect(wrong(right, '')).toEqual(['what it sends is not filtered']);
  expect(wrong(right, shares.replace('up-b', 'up-a'))).toEqual([
    'what it sends is filtered',
    'what it sends is not filtered',
  ]);
});

test('of what bridge(8) says the ports of this bridge are taken, and who is behind them', () => {
  const text = JSON.stringify([
    { ...PORT, ifname: 'up-a' },
    { ...PORT, ifname: 'x', master: 'other' },
    { ifname: 'y' },
  ]);
  expect(portsIn(text, 'vmbr0').map(({ ifname }) => ifname)).toEqual(['up-a']);
  expect(carries(PORT)).toBe(true);
  expect(carries({ ...PORT, flags: ['UP', 'NO-CARRIER'] })).toBe(false);
  expect(carries({ ...PORT, state: 'disabled' })).toBe(false);
  const rows = [
    { mac: '02:00:00:00:01:0a', ifname: 'vm1', flags: [], master: 'vmbr0', state: '' },
    { mac: '02:00:00:00:01:01', ifname: 'vmbr0', flags: [], master: 'vmbr0', state: 'permanent' },
    { mac: '33:33:00:00:00:01', ifname: 'vm1', flags: ['self'], state: 'permanent' },
  ];
  expect(fdbIn(JSON.stringify(rows), 'host', () => 0)).toEqual([
    { node: 'host', port: 'vm1', vlan: 0, mac: '02:00:00:00:01:0a' },
  ]);
});
