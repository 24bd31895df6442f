import { expect, test } from '@playwright/test';
import { loadBinding } from '../binding/load.js';
import { DEFAULTS } from '../defaults.js';
import { faultRefusal, type FaultSurroundings, type WantedFault } from './refusal.js';
import type { Ways } from './ways.js';

const BY: Ways = { carriers: ['eth0'], said: '' };

async function surroundings(file: string): Promise<FaultSurroundings> {
  const { binding, topology } = await loadBinding(`topologies/bindings/${file}.yaml`, DEFAULTS.dataPlanes);
  const ways = new Map(Object.keys(binding.machines).map((name) => [name, BY]));
  return { binding, topology, ways, legsUp: topology.legs.map(({ name }) => name), mayLoseAll: false };
}

const unplug = (machine: string, port: string, leg = 'leg-a'): WantedFault => ({ verb: 'unplug', leg, machine, port });
const shut = (machine: string, port: string | null): WantedFault => ({
  verb: 'adminDown',
  leg: 'leg-a',
  machine,
  port,
});
const reboot = (machine: string): WantedFault => ({ verb: 'rebootLeaf', leg: 'leg-a', machine, port: null });

test('what a binding allows, at the place that it names, and nothing else', async () => {
  const linux = await surroundings('two-linux-leaves');
  const rack = await surroundings('rack');
  const at = (fault: WantedFault, around = linux) => faultRefusal(fault, around);
  expect(at(unplug('leafa', 'swp1'))).toBeNull();
  expect(at(unplug('fan', 'Ethernet12/1'), rack)).toBeNull();
  expect(at(unplug('fan', 'Ethernet12/2'), rack)).toContain(
    'is not where the binding has leg-a unplugged: that is fan Ethernet12/1',
  );
  expect(at(unplug('leafa', 'Ethernet4'), rack)).toContain('is not where');
  expect(at(unplug('leafa', 'swp2'))).toContain('is not where the binding has leg-a unplugged: that is leafa swp1');
  expect(at(unplug('server', 'eth1'))).toContain('is not where');
  expect(at(shut('server', 'eth1'))).toBeNull();
  expect(at(shut('leafa', 'swp1'))).toBeNull();
  for (const [machine, port] of [
    ['server', 'eth2'],
    ['leafb', 'swp1'],
    ['leafa', 'eth1'],
    ['server', null],
  ] as const)
    expect(at(shut(machine, port))).toContain('is at neither end of leg-a');
  expect(at(unplug('leafa', 'swp1', 'leg-x'))).toBe('there is no leg leg-x');
  expect(at(reboot('leafa'))).toBe(
    'the binding does not allow rebootLeaf at leaf-a: leaves.leaf-a.faults.rebootLeaf is not there',
  );
  expect(at(reboot('leafa'), rack)).toContain('does not allow rebootLeaf');
  const { 'leaf-a': leaf, ...others } = linux.binding.leaves;
  if (leaf === undefined) throw new Error('no leaf-a');
  const without = { ...linux, binding: { ...linux.binding, leaves: { ...others, 'leaf-a': { ...leaf, faults: {} } } } };
  expect(at(unplug('leafa', 'swp1'), without)).toContain('does not allow unplug at leaf-a');
  expect(at(shut('server', 'eth1'), without)).toContain('leaves.leaf-a.faults.unplug is not there');
  const mayReboot = {
    ...linux.binding,
    leaves: { ...others, 'leaf-a': { ...leaf, faults: { rebootLeaf: 'yes' as const } } },
  };
  // Its lease is on leafa.
  expect(at(reboot('leafa'), { ...linux, binding: mayReboot })).toBe('leafa keeps the lease: it is not rebooted');
  const elsewhere = { ...mayReboot, lease: { command: ['true'] } };
  expect(at(reboot('leafa'), { ...linux, binding: elsewhere })).toBeNull();
  expect(at(reboot('leafb'), { ...linux, binding: elsewhere })).toContain('nothing else is rebooted');
  const jump = { ...elsewhere, machines: { ...elsewhere.machines, leafb: { ssh: 'x', via: ['leafa'] } } };
  expect(at(reboot('leafa'), { ...linux, binding: jump })).toBe('leafa is the way to leafb: it is not rebooted');
});

test('rules only by name, and only at the end that sends', async () => {
  const linux = await surroundings('two-linux-leaves');
  const { 'leaf-a': leaf, ...others } = linux.binding.leaves;
  if (leaf === undefined) throw new Error('no leaf-a');
  const faults = { rules: ['mute', 'deafen', 'lose'] as ('mute' | 'deafen' | 'lose')[] };
  const around = { ...linux, binding: { ...linux.binding, leaves: { ...others, 'leaf-a': { ...leaf, faults } } } };
  const at = (verb: WantedFault['verb'], machine: string, port: string | null, of: FaultSurroundings = around) =>
    faultRefusal({ verb, leg: 'leg-a', machine, port }, of);
  expect(at('mute', 'server', 'eth1')).toBeNull();
  expect(at('deafen', 'leafa', 'swp1')).toBeNull();
  expect(at('lose', 'server', 'eth1')).toBeNull();
  expect(at('lose', 'leafa', 'swp1')).toBeNull();
  for (const [verb, machine, port] of [
    ['mute', 'leafa', 'swp1'],
    ['deafen', 'server', 'eth1'],
    ['lose', 'server', 'eth2'],
    ['lose', 'leafb', 'swp1'],
    ['mute', 'server', null],
  ] as const)
    expect(at(verb, machine, port)).toContain('is not the end of leg-a that sends');
  expect(at('silenceLacp', 'server', 'eth1')).toBe(
    'the binding does not allow silenceLacp at leaf-a: leaves.leaf-a.faults.rules does not have silenceLacp',
  );
  expect(at('unplug', 'leafa', 'swp1')).toContain('faults.unplug is not there');
  expect(at('mute', 'server', 'eth1', linux), 'unplug allows no rules').toContain('does not have mute');
  const ways = new Map([['server', { carriers: ['eth1'], said: '' }]]);
  expect(at('mute', 'server', 'eth1', { ...around, ways })).toContain('carries the way to this machine');
  expect(at('mute', 'server', 'eth1', { ...around, legsUp: ['leg-a'] })).toContain('last leg that is up');
});

test('never the way to a machine, nor what is not known', async () => {
  const linux = await surroundings('two-linux-leaves');
  const at = (ways: Ways | undefined) =>
    faultRefusal(unplug('leafa', 'swp1'), {
      ...linux,
      ways: new Map(ways === undefined ? [] : [['leafa', ways]]),
    });
  expect(at({ carriers: ['bond0', 'swp1'], said: '' })).toBe(
    'swp1 of leafa carries the way to this machine or to another one',
  );
  expect(at({ carriers: null, said: 'ip: not found' })).toContain('could not be found out: ip: not found');
  expect(at(undefined)).toContain('was not asked');
});

test('never the last leg, unless the scenario is about it', async () => {
  const linux = await surroundings('two-linux-leaves');
  const fault = unplug('leafa', 'swp1');
  expect(faultRefusal(fault, { ...linux, legsUp: ['leg-a'] })).toContain('leg-a is the last leg that is up');
  expect(faultRefusal(fault, { ...linux, legsUp: [] })).toContain('last leg');
  expect(faultRefusal(fault, { ...linux, legsUp: ['leg-b'] })).toBeNull();
  expect(faultRefusal(fault, { ...linux, legsUp: ['leg-a'], mayLoseAll: true })).toBeNull();
});
