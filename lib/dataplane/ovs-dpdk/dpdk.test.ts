import { expect, test } from '@playwright/test';
import { bridgeInserts } from '../../ovs/bridge.js';
import { legFacts } from './audit.js';
import { CONFIG, devargs, DPDK } from './engine.js';
import { ovsDpdkTraits } from './traits.js';

const LEGS = ['up-a', 'up-b'];

const leg = (index: number, change: object = {}) => ({
  name: LEGS[index],
  type: 'dpdk',
  options: ['map', [['dpdk-devargs', devargs(LEGS[index] ?? '', index)]]],
  status: ['map', [['driver_name', 'net_af_packet']]],
  error: ['set', []],
  ...change,
});

test('each leg is a device of its own, whose frames pass the queueing discipline of its interface', () => {
  const columns = LEGS.map((name, index) => DPDK.legColumns(name, index));
  expect(columns).toEqual([
    { type: 'dpdk', options: ['map', [['dpdk-devargs', 'net_af_packet0,iface=up-a,qdisc_bypass=0']]] },
    { type: 'dpdk', options: ['map', [['dpdk-devargs', 'net_af_packet1,iface=up-b,qdisc_bypass=0']]] },
  ]);
});

test('DPDK is told to start before there is a bridge, and to touch nothing of the machine', () => {
  const [row] = bridgeInserts({ ports: [], config: CONFIG }).flatMap((operation) =>
    operation['table'] === 'Open_vSwitch' ? [JSON.stringify(operation['row'])] : [],
  );
  for (const part of [
    '"other_config":["map",[["dpdk-init","true"]',
    '--no-huge --legacy-mem',
    '--no-pci',
    '--no-shconf',
  ])
    expect(row).toContain(part);
  expect(JSON.stringify(bridgeInserts({ ports: [] }))).not.toContain('other_config');
});

test('a leg that is not on its device, or does not work, is told', () => {
  const wrong = (rows: readonly object[]) =>
    legFacts(rows as never, LEGS).flatMap(({ name, ok, value }) => (ok ? [] : [`${name}: ${value}`]));
  expect(wrong([leg(0), leg(1)])).toEqual([]);
  expect(wrong([leg(1)])).toEqual(['leg up-a: it is no port of the switch']);
  expect(wrong([leg(0, { type: '' }), leg(1)])).toEqual(['leg up-a: its type is ""']);
  expect(wrong([leg(0, { options: ['map', [['dpdk-devargs', devargs('up-b', 0)]]] }), leg(1)])).toEqual([
    'leg up-a: it is on another device',
  ]);
  expect(wrong([leg(0), leg(1, { error: 'could not open the device' })])).toEqual([
    'leg up-b: could not open the device',
  ]);
  expect(wrong([leg(0), leg(1, { status: ['map', []] })])).toEqual(['leg up-b: it has no driver']);
});

test('an unknown variant is told with those that there are', () => {
  expect(ovsDpdkTraits('balance-tcp')).toMatchObject({ kind: 'ovs-dpdk', lacp: true, spreads: 'flows' });
  expect(() => ovsDpdkTraits('active-backup')).toThrow('ovs-dpdk has no variant "active-backup"; it has balance-tcp');
});
