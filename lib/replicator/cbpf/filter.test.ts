import { expect, test } from '@playwright/test';
import { wrongIn } from './filter.js';
import { MARK } from '../tc/actions.js';
import { PROGRAM } from './program.js';

const SKBEDIT = { order: 1, kind: 'skbedit', mark: MARK, control_action: { type: 'pipe' } };
const copy = (port: string) => ({
  ...{ order: 2, kind: 'mirred', mirred_action: 'mirror', direction: 'egress', to_dev: port },
  control_action: { type: 'pipe' },
});

function listing(actions: readonly object[], change: object = {}, insns: readonly object[] = PROGRAM): string {
  const shared = { protocol: 'all', pref: 1, kind: 'bpf', chain: 0, ...change };
  const options = { handle: '0x1', not_in_hw: true, bytecode: { length: insns.length, insns }, actions };
  return JSON.stringify([shared, { ...shared, options }]);
}

test('one program, the mark, and then a copy to each port', () => {
  expect(wrongIn(listing([SKBEDIT, copy('up-b')]), ['up-b'])).toEqual([]);
  expect(wrongIn(listing([SKBEDIT, copy('up-b'), copy('up-c')]), ['up-b', 'up-c'])).toEqual([]);
  expect(wrongIn(listing([{ order: 1, kind: 'gact', control_action: { type: 'pass' } }]), [])).toEqual([]);
});

test('what is missing, too much, or goes elsewhere is told', () => {
  expect(wrongIn('[]', ['up-b'])).toEqual(['it has no filter']);
  expect(wrongIn('', ['up-b'])).toEqual(['it has no filter']);
  const said = (...actions: readonly object[]) => wrongIn(listing(actions), ['up-b']).join();
  expect(said(copy('up-b'), SKBEDIT)).toBe(
    `its actions are "mirred mirror egress up-b, skbedit ${MARK}" instead of "skbedit ${MARK}, mirred mirror egress up-b"`,
  );
  expect(said(copy('up-b'))).toContain('its actions are "mirred mirror egress up-b"');
  expect(said({ ...SKBEDIT, mark: 1 }, copy('up-b'))).toContain('"skbedit 1, ');
  expect(said(SKBEDIT, copy('up-c'))).toContain('egress up-c" instead');
  expect(said(SKBEDIT, { ...copy('up-b'), mirred_action: 'redirect' })).toContain('mirred redirect');
  expect(said(SKBEDIT, { ...copy('up-b'), direction: 'ingress' })).toContain('ingress up-b');
  const right = [SKBEDIT, copy('up-b')];
  expect(wrongIn(listing(right, { protocol: 'arp' }), ['up-b'])).toEqual(['tagged frames do not get to it']);
  expect(wrongIn(listing(right, {}, PROGRAM.slice(1)), ['up-b'])).toEqual(['it has another program']);
  const twice = (JSON.parse(listing(right)) as readonly object[]).flatMap((filter) => [filter, filter]);
  expect(wrongIn(JSON.stringify(twice), ['up-b'])).toEqual(['2 filters instead of 1']);
});
