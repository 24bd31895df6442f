import { expect, test } from '@playwright/test';
import { optionFact, optionIn } from './broadcastNeighbor.js';

const shown = (data: object) => JSON.stringify([{ ifname: 'bond0', linkinfo: { info_kind: 'bond', info_data: data } }]);

test('the option is on only where the kernel says so', () => {
  expect(optionIn(shown({ mode: '802.3ad', broadcast_neighbor: true }))).toBe('on');
  expect(optionIn(shown({ mode: '802.3ad', broadcast_neighbor: false }))).toBe('off');
  // A kernel before 6.17: ip took the option, and ended with code 0.
  expect(optionIn(shown({ mode: '802.3ad' }))).toBe('absent');
  for (const text of ['', '[]', '[{}]', shown({ broadcast_neighbor: 'on' })]) expect(optionIn(text)).toBe('unread');
});

test('anything but on fails the audit', () => {
  const facts = (['on', 'off', 'absent', 'unread'] as const).map((state) => optionFact(state, 'ip').ok);
  expect(facts).toEqual([true, false, false, false]);
});
