import { expect, test } from '@playwright/test';
import { hardwareFor, PLAIN, SRIOV, VIRTIO } from './hardware.js';
import { machineOf } from './qemu.js';

test('only labs that need such NICs have a guest with them', () => {
  expect(hardwareFor()).toBe(PLAIN);
  expect(hardwareFor(['cut', 'inject:leg'])).toBe(PLAIN);
  expect(hardwareFor(['cut', 'nic:sriov'])).toBe(SRIOV);
  expect(hardwareFor(['nic:virtio', 'cut'])).toBe(VIRTIO);
});

test('the machine of other labs is what it was, so that their snapshots stay', () => {
  const plain = machineOf({ hardware: PLAIN });
  expect(plain.slice(-2)).toEqual(['-nic', 'none']);
  expect(machineOf({ hardware: SRIOV }).slice(0, plain.length)).toEqual(plain);
});

test('each NIC has a port of its own, and the other end of its hub is in the same guest', () => {
  const { devices } = SRIOV;
  const of = (word: RegExp) => devices.flatMap((option) => word.exec(option)?.slice(1).join(' ') ?? []);
  expect(of(/^hubport,id=(\S+),hubid=(\d)$/)).toEqual(['nic0 0', 'cable0 0', 'nic1 1', 'cable1 1']);
  expect(of(/^igb,bus=(\w+),netdev=(\w+),/)).toEqual(['port0 nic0', 'port1 nic1']);
  expect(of(/^virtio-net-pci,netdev=(\w+),/)).toEqual(['cable0', 'cable1']);
  const macs = of(/mac=(\S+)$/);
  expect(new Set(macs).size).toBe(4);
});
