import { expect, test } from '@playwright/test';
import { blockFact, configFacts, flowFacts, type OffloadReadings } from './audit.js';

const UFID = 'ce617451-440b-4dde-9714-ef46b9f4e424';
const COOKIE = '517461cede4d0b4446ef149724e4f4b9';
const REQUEST = `ufid:${UFID}, in_port(vm1),eth_type(0x0806),arp(tip=10.1.0.2), dp:tc, actions:push_vlan(vid=20,pcp=0),bond0,vm2\n`;

const mirred = { kind: 'mirred', mirred_action: 'mirror', direction: 'egress' };
/** As tc lists the filter of a flow: once without options, and once with them. */
const filters = (cookie: string, copies: number) =>
  new Map([
    [
      'dev vm1 ingress',
      JSON.stringify([
        { protocol: 'arp', pref: 5, kind: 'flower' },
        {
          ...{ protocol: 'arp', pref: 5, kind: 'flower' },
          options: {
            handle: 1,
            actions: [
              { kind: 'vlan', vlan_action: 'push' },
              ...Array.from({ length: copies }, () => ({ ...mirred, cookie })),
            ],
          },
        },
      ]),
    ],
    ['dev bond0 ingress', ''],
  ]);

const READ: OffloadReadings = { inTc: REQUEST, inModule: '', filters: filters(COOKIE, 2), inTcAfter: REQUEST };

const told = (readings: Partial<OffloadReadings>) =>
  flowFacts({ ...READ, ...readings }).map(({ name, ok, value }) => `${name}: ${ok ? 'ok' : 'wrong'}, ${value}`);

test('flows in tc are told with their outputs, and each has its filter', () => {
  expect(told({})).toEqual([
    'neighbor flows in tc: ok, 1 of 1: 1 of ARP from vm1 with 2 outputs',
    'neighbor flows in the module: ok, none',
    'filters of these flows: ok, each has one, with as many copies as outputs',
  ]);
  expect(flowFacts(READ).map(({ listing }) => listing)).toEqual([
    REQUEST,
    '',
    expect.stringMatching(/^dev vm1 ingress\n\[.*\]\ndev bond0 ingress\n\n$/s),
  ]);
});

test('a flow without its filter, or with another number of copies, is wrong', () => {
  const wrong = (some: ReadonlyMap<string, string>) => told({ filters: some })[2];
  expect(wrong(filters('00', 2))).toBe(
    'filters of these flows: wrong, one of ARP from vm1 with 2 outputs has no filter',
  );
  expect(wrong(filters(COOKIE, 1))).toBe(
    'filters of these flows: wrong, one of ARP from vm1 with 2 outputs has a filter that makes 1 copies',
  );
  // It was removed between the two: nothing can be said of it.
  expect(told({ filters: filters('00', 2), inTcAfter: '' })[2]).toContain(': ok');
});

test('flows that are all in the module are wrong, and no flow at all is not', () => {
  const inModule = REQUEST.replace('dp:tc', 'dp:ovs');
  expect(told({ inTc: '', inModule })[0]).toBe('neighbor flows in tc: wrong, 0 of 1: none');
  expect(told({ inModule })[1]).toBe('neighbor flows in the module: ok, 1 of ARP from vm1 with 2 outputs');
  expect(told({ inTc: '' })[0]).toBe('neighbor flows in tc: ok, no flow of neighbor frames is there now');
});

test('of a listing that is very long the beginning is kept, and how much is not', () => {
  const [fact] = flowFacts({ ...READ, inTc: REQUEST.repeat(2_000) });
  expect(fact?.listing?.length).toBeLessThan(201_000);
  expect(fact?.listing).toMatch(/\n\.\.\. and \d+ characters more$/);
});

test('the bond and its legs share a block, or it is wrong', () => {
  const listing = (blocks: Readonly<Record<string, number>>) =>
    JSON.stringify(Object.entries(blocks).map(([dev, block]) => ({ kind: 'ingress', dev, ingress_block: block })));
  const fact = (blocks: Readonly<Record<string, number>>) => {
    const { ok, value } = blockFact(listing(blocks), ['up-a', 'up-b']);
    return `${ok ? 'ok' : 'wrong'}: ${value}`;
  };
  expect(fact({ bond0: 6, 'up-a': 6, 'up-b': 6, vm1: 9 })).toBe('ok: bond0 6, up-a 6, up-b 6');
  expect(fact({ bond0: 6, 'up-a': 6 })).toBe('wrong: bond0 6, up-a 6, up-b none');
  expect(fact({ bond0: 6, 'up-a': 6, 'up-b': 7 })).toBe('wrong: bond0 6, up-a 6, up-b 7');
  expect(fact({})).toBe('wrong: bond0 none, up-a none, up-b none');
});

test('a switch that was not told to hand its flows over is wrong', () => {
  const pairs = (entries: readonly (readonly [string, string])[]) => ({ other_config: ['map', entries] as const });
  const ok = (row: Parameters<typeof configFacts>[0]) => configFacts(row).map((fact) => fact.ok);
  expect(
    ok(
      pairs([
        ['hw-offload', 'true'],
        ['tc-policy', 'skip_hw'],
      ]),
    ),
  ).toEqual([true, true]);
  expect(ok(pairs([['hw-offload', 'false']]))).toEqual([false, false]);
  expect(ok(undefined)).toEqual([false, false]);
});
