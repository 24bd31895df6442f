import { expect, test } from '@playwright/test';
import { loadBinding } from '../binding/load.js';
import { DEFAULTS } from '../defaults.js';
import { allowedUndo, boundPorts } from './allowed.js';
import { watchedOf } from './watched.js';

const bindingOf = async (name: string) =>
  (await loadBinding(`topologies/bindings/${name}.yaml`, DEFAULTS.dataPlanes)).binding;

test('ports of a binding: of the host, of the leaves, and of who unplugs', async () => {
  expect([...boundPorts(await bindingOf('rack'))].map(([machine, ports]) => [machine, [...ports]])).toEqual([
    ['server', ['ens1f0np0', 'ens1f1np1']],
    ['leafa', ['Ethernet4']],
    ['fan', ['Ethernet12/1', 'Ethernet12/2']],
    ['leafb', ['Ethernet4']],
  ]);
});

test('what is compared: bound ports, gateways and senders, and the commands of the binding', async () => {
  expect(watchedOf(await bindingOf('rack'))).toEqual([
    { machine: 'server', ports: ['ens1f0np0', 'ens1f1np1'], interfaces: ['bond0'], commands: [] },
    { machine: 'leafa', ports: ['Ethernet4'], interfaces: ['Vlan20'], commands: [['show', 'interfaces', 'status']] },
    { machine: 'leafb', ports: ['Ethernet4'], interfaces: ['Vlan20'], commands: [['show', 'interfaces', 'status']] },
    { machine: 'fan', ports: ['Ethernet12/1', 'Ethernet12/2'], interfaces: [], commands: [] },
  ]);
});

test('of addresses only the spare ones are removed, and only on the gateway of their own leaf', async () => {
  const binding = await bindingOf('rack');
  const allows = (machine: string, command: string) => allowedUndo(binding, machine, command.split(' ')) !== null;
  expect(allows('leafa', 'ip addr del 203.0.113.250/32 dev Vlan20')).toBe(true);
  expect(allows('leafb', 'ip addr del 2001:db8:12:20::251/128 dev Vlan20')).toBe(true);
  for (const [machine, command] of [
    ['leafb', 'ip addr del 203.0.113.250/32 dev Vlan20'],
    ['server', 'ip addr del 203.0.113.250/32 dev Vlan20'],
    ['leafa', 'ip addr del 203.0.113.250/24 dev Vlan20'],
    ['leafa', 'ip addr del 203.0.113.1/32 dev Vlan20'],
    ['leafa', 'ip addr del 203.0.113.250/32 dev eth0'],
    ['leafa', 'ip addr add 203.0.113.250/32 dev Vlan20'],
    ['leafa', 'ip addr flush dev Vlan20'],
  ] as const)
    expect(allows(machine, command), command).toBe(false);
});

test('an undo is run when the binding allows it, word by word, and never else', async () => {
  const binding = await bindingOf('two-linux-leaves');
  const allows = (machine: string, command: string) => allowedUndo(binding, machine, command.split(' ')) !== null;
  for (const [machine, command] of [
    ['leafa', 'ip link set dev swp1 up'],
    ['server', 'ip link set dev eth2 up'],
    ['leafa', 'ip -n everyleaf-3f2a11-leaf-a link set dev swp1 netns 1'],
    ['leafb', 'ip netns del everyleaf-3f2a11-leaf-b'],
    ['server', 'nft delete table netdev everyleaf_faults'],
    ['server', 'rm -rf /tmp/everyleaf-3f2a11'],
  ] as const)
    expect(allows(machine, command), command).toBe(true);
  for (const [machine, command] of [
    ['leafa', 'ip link set dev swp1 down'],
    ['leafa', 'ip link set dev eth0 up'],
    ['server', 'ip link set dev swp1 up'],
    ['nobody', 'ip link set dev swp1 up'],
    ['leafa', 'ip link set dev swp1 up up'],
    ['leafa', 'ip link set dev swp1'],
    ['leafa', '/tmp/ip link set dev swp1 up'],
    ['leafa', 'ip link set dev swp1;reboot up'],
    ['leafa', 'ip -n everyleaf-$(reboot) link set dev swp1 netns 1'],
    ['leafa', 'ip -n everyleaf-a link set dev swp1 netns 2'],
    ['leafa', 'ip -n ../everyleaf-a link set dev swp1 netns 1'],
    ['leafb', 'ip netns del management'],
    ['server', 'nft delete table inet filter'],
    ['server', 'nft delete table inet everyleaf;flush'],
    ['server', 'nft flush ruleset'],
    ['server', 'sh -c reboot'],
    ['server', 'rm -rf /tmp'],
    ['server', 'rm -rf /tmp/everyleaf-leases'],
    ['server', 'rm -rf /tmp/everyleaf-3f2a11/../..'],
    ['nobody', 'rm -rf /tmp/everyleaf-3f2a11'],
    ['server', 'reboot'],
    ['nobody', 'ip netns del everyleaf-3f2a11-leaf-b'],
  ] as const)
    expect(allows(machine, command), command).toBe(false);
  expect(allowedUndo(binding, 'leafa', ['ip', 'link set', 'dev', 'swp1', 'up'])).toBeNull();
  expect(allowedUndo(binding, 'leafa', [])).toBeNull();
  expect(
    allowedUndo(binding, 'leafa', ['ip', '-n', 'everyleaf-a', 'link', 'set', 'dev', 'swp1', 'netns', '1'])?.witness,
  ).toEqual(['sh', '-c', '[ -e "/sys/class/net/$2" ]', 'everyleaf', 'everyleaf-a', 'swp1']);
});

test('a machine that takes a carrier away opens its port by the very words of the binding, and by no others', async () => {
  const bound = await bindingOf('two-linux-leaves');
  const leaf = bound.leaves['leaf-a'];
  if (leaf === undefined) throw new Error('no leaf-a');
  const withWay = (unplug: object) => ({
    ...bound,
    leaves: { ...bound.leaves, 'leaf-a': { ...leaf, faults: { unplug: { by: 'server', port: 'p7', ...unplug } } } },
  });
  const fan = withWay({
    commands: {
      shut: ['fan', 'shut', '{port}'],
      open: ['fan', 'open', '{port}'],
      show: ['fan', 'show', '{port}'],
      shutSays: '{port} is shut',
    },
  });
  expect(allowedUndo(fan, 'server', ['fan', 'open', 'p7'])).toMatchObject({
    argv: ['fan', 'open', 'p7'],
    witness: ['sh', '-c', expect.any(String), 'everyleaf', 'p7 is shut', 'fan', 'show', 'p7'],
  });
  for (const argv of [
    ['fan', 'shut', 'p7'],
    ['fan', 'open', 'p8'],
    ['fan', 'open', 'p7', ';'],
    ['fan', 'open'],
  ])
    expect(allowedUndo(fan, 'server', argv)).toBeNull();
  expect(allowedUndo(fan, 'leafa', ['fan', 'open', 'p7'])).toBeNull();
  const virsh = withWay({ domain: 'leaf-a-vm' });
  expect(allowedUndo(virsh, 'server', ['virsh', 'domif-setlink', 'leaf-a-vm', 'p7', 'up'])).not.toBeNull();
  expect(allowedUndo(virsh, 'server', ['virsh', 'domif-setlink', 'leaf-a-vm', 'p7', 'down'])).toBeNull();
  expect(allowedUndo(virsh, 'server', ['virsh', 'destroy', 'leaf-a-vm'])).toBeNull();
});

test('a replicator that may be killed is started by the very words of the binding, and by no others', async () => {
  const bound = await bindingOf('two-linux-leaves');
  const killing = {
    kill: ['systemctl', 'kill', '-s', 'KILL', 'ours'],
    start: ['systemctl', 'start', 'ours'],
    show: ['systemctl', 'show', '-P', 'ActiveState', 'ours'],
    deadSays: 'failed',
  };
  const replicator = { installed: true, name: 'ours', killing } as const;
  const binding = { ...bound, host: { ...bound.host, replicator } };
  expect(allowedUndo(binding, 'server', killing.start)).toMatchObject({
    argv: killing.start,
    witness: ['sh', '-c', expect.any(String), 'everyleaf', 'failed', ...killing.show],
  });
  expect(allowedUndo(binding, 'leafa', killing.start)).toBeNull();
  expect(allowedUndo(binding, 'server', killing.kill)).toBeNull();
  expect(allowedUndo(binding, 'server', ['systemctl', 'start', 'theirs'])).toBeNull();
  expect(allowedUndo(bound, 'server', killing.start)).toBeNull();
});
