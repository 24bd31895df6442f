import { expect, test } from '@playwright/test';
import { UserError } from '../userError.js';
import { CABLE_DEVICES, CABLES_OUTSIDE, MOVE_CABLES } from './cables.js';
import { joined, requireOutside } from './outside.js';

const all = (text: string, word: RegExp) => [...text.matchAll(word)].map((found) => found.slice(1).join(' '));
const NAMES = ['cable0a', 'cable0b', 'cable1a', 'cable1b'];

test('each end of each leg is a NIC with four queues, at a tap with as many', () => {
  const options = CABLE_DEVICES.join('\n');
  expect(all(options, /^tap,id=(\S+?),ifname=(\S+?),queues=(\d)/gm)).toEqual(NAMES.map((name) => `${name} ${name} 4`));
  expect(all(options, /^virtio-net-pci,netdev=(\S+?),.*,mq=on,vectors=(\d+),/gm)).toEqual(
    NAMES.map((name) => `${name} 10`),
  );
  const macs = all(options, /,mac=([^,]+)/g);
  expect(new Set(macs).size).toBe(4);
  // By its MAC each gets the name of its tap.
  const moved = all(MOVE_CABLES.join('\n'), /named (\S+)\)" name (\S+) /g);
  expect(moved).toEqual(NAMES.map((name, at) => `${macs[at]} ${name}`));
});

test('no NIC has a bond in 802.3ad leave it down, and none speaks by itself after a restore', () => {
  const nics = CABLE_DEVICES.filter((option) => option.startsWith('virtio-net-pci,'));
  expect(nics).toHaveLength(4);
  for (const nic of nics) expect(nic).toContain(',speed=10000,duplex=full,');
  expect(CABLE_DEVICES.slice(0, 2)).toEqual(['-global', 'migration.announce-rounds=0']);
});

test('what comes in at one tap of a cable goes out of the other one, and of no third', () => {
  expect(all(CABLES_OUTSIDE, /^filter add dev (\S+) ingress protocol all .* redirect dev (\S+)$/gm)).toEqual([
    'cable0a cable0b',
    'cable0b cable0a',
    'cable1a cable1b',
    'cable1b cable1a',
  ]);
});

test('QEMU is the process that was started, in a namespace of its own where it has something outside', () => {
  const qemu = ['qemu', '-M', 'q35'];
  expect(joined({ outside: null }, qemu)).toEqual(['setpriv', '--pdeathsig', 'KILL', '--', ...qemu]);
  const root = ['setpriv', '--pdeathsig', 'KILL', '--', 'unshare', '--net', '--', 'sh', '-c', 'wires', 'sh', ...qemu];
  expect(joined({ outside: 'wires' }, qemu, true)).toEqual(root);
  // The signal is set after the change of credentials, which would clear it.
  expect(joined({ outside: 'wires' }, qemu, false)).toEqual(['unshare', '--user', '--map-root-user', '--', ...root]);
});

test('a machine that makes no taps is told what it said, and what to do', async () => {
  await requireOutside({ name: 'virtio', outside: null });
  const refused = requireOutside({ name: 'virtio', outside: 'echo "open: Permission denied" >&2; exit 1' });
  const error = await refused.then(
    () => null,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toMatch(/makes no taps for the cables of virtio NICs: .+/);
  expect((error as UserError).hint).toMatch(/as root where \/dev\/net\/tun is there/);
});
