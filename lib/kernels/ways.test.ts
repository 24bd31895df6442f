import { expect, test } from '@playwright/test';
import { decodeFrame } from '../wire/decode.js';
import { untriedNote, WAYS } from './ways.js';
import { wiringScript } from './wiring.js';
import { WORLD } from './world.js';

test('each way has frames of a sender of its own, with its MAC, on a device of its own', () => {
  let ids = 0;
  const seen = WAYS.map(({ id, device, craft }) => {
    const [probe] = craft({ salt: 1, nextId: () => ++ids });
    return [id, device, decodeFrame(Buffer.from(probe?.frame ?? '', 'hex')).source];
  });
  expect(seen).toEqual([
    ['untagged', 'bond0', '02:00:00:00:01:01'],
    ['vlan-device', 'bond0.20', '02:00:00:00:01:0a'],
    ['tag-in-bytes', 'bond0', '02:00:00:00:01:0b'],
    ['stacked-vlan-devices', 'bond0.20.30', '02:00:00:00:01:0a'],
    ['macvlan', 'macvlan0', '02:00:00:00:01:0c'],
    ['macvtap', 'macvtap0', '02:00:00:00:01:0d'],
  ]);
});

test('a macvlan and a macvtap have the MAC of their VM, and a kernel without them goes without', () => {
  const script = wiringScript(true, 10);
  for (const { nic, mac } of WORLD.vms.slice(2)) {
    const type = nic.slice(0, -1);
    const line = script.split('\n').find((one) => one.includes(` type ${type} `));
    expect(line).toBe(
      `if ip -n host link add link bond0 name ${nic} address ${mac} type ${type} mode bridge 2>/dev/null; then ip -n host link set ${nic} up; fi`,
    );
  }
  const macvtap = WAYS.find(({ id }) => id === 'macvtap');
  expect(macvtap === undefined ? '' : untriedNote(macvtap)).toBe(
    'Frames written to a macvtap on the bond: not tried, as there is no macvtap0 on this kernel.',
  );
});
