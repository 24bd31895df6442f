import { expect, test } from '@playwright/test';
import { auditOf, optionIn } from './bondFacts.js';

const bond = (option: string) =>
  `[{"ifname":"bond0","linkinfo":{"info_kind":"bond","info_data":{"mode":"802.3ad"${option}}}}]`;
const port = (actor: number, partner = 63, link = 'UP') =>
  `[{"linkinfo":{"info_slave_data":{"mii_status":"${link}","ad_actor_oper_port_state":${actor},"ad_partner_oper_port_state":${partner}}}}]`;

test('a kernel without the option does not speak of it', () => {
  expect(optionIn(bond(',"broadcast_neighbor":true'))).toBe('on');
  expect(optionIn(bond(',"broadcast_neighbor":false'))).toBe('off');
  expect(optionIn(bond(''))).toBe('absent');
  for (const text of ['', '[]', '[{}]', 'Device "bond0" does not exist.']) expect(optionIn(text)).toBe('unread');
});

test('a port that left the aggregator, before or after, spoils the trial', () => {
  const sections = (states: readonly [number, number, number, number], option = ',"broadcast_neighbor":true') =>
    new Map([
      ['bond before', bond(option)],
      ['bond after', bond(option)],
      ['port up-a before', port(states[0])],
      ['port up-b before', port(states[1])],
      ['port up-a after', port(states[2])],
      ['port up-b after', port(states[3])],
    ]);
  const bad = (map: ReadonlyMap<string, string>) =>
    auditOf(map, ['on'])
      .filter(({ ok }) => !ok)
      .map(({ name }) => name);
  expect(bad(sections([63, 63, 63, 63]))).toEqual([]);
  expect(bad(sections([63, 63, 143, 63]))).toEqual(['state of up-a after']);
  expect(bad(sections([63, 63, 63, 63], ''))).toEqual(['broadcast_neighbor before', 'broadcast_neighbor after']);
  expect(bad(new Map())).toHaveLength(6);
  // As Linux 6.18 says it.
  const lost = sections([63, 63, 63, 63]).set('port up-b after', port(63, 63, 'DOWN'));
  expect(bad(lost)).toEqual(['state of up-b after']);
  expect(auditOf(lost, ['on']).find(({ name }) => name === 'state of up-b after')?.value).toBe('link down, 63/63');
});
