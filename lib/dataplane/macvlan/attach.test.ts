import { expect, test } from '@playwright/test';
import { attachedIn, attachScript, lowerPorts, macvlanLines } from './attach.js';
import { macvlanFacts } from './audit.js';
import { macvlanTraits, variantNamed } from './traits.js';

const VMS = [
  { node: 'vm1', mac: '02:00:00:00:01:0a', hostPort: 'vm1' },
  { node: 'vm2', mac: '02:00:00:00:01:0b', hostPort: 'vm2' },
];
const attached = (variant: string) => attachedIn({ vms: VMS as never }, variantNamed(variant));

test('the macvlans of all VMs lie on the port of the bridge, and hear every group', () => {
  expect(macvlanLines(attached('vepa'), 'vepa')).toEqual([
    'link set dev br0 up',
    'link add link br0 name macvlan0 address 02:00:00:00:01:0a type macvlan mode vepa',
    'link set dev macvlan0 allmulticast on up',
    'link add link br0 name macvlan1 address 02:00:00:00:01:0b type macvlan mode vepa',
    'link set dev macvlan1 allmulticast on up',
  ]);
  expect(lowerPorts(attached('vepa'))).toEqual([]);
});

test('with passthru each has a port of its own, which has the address: a macvlan would ignore one', () => {
  expect(macvlanLines(attached('passthru'), 'passthru').slice(0, 3)).toEqual([
    'link set dev below0 up',
    'link set dev below1 up',
    'link add link below0 name macvlan0 type macvlan mode passthru',
  ]);
  expect(lowerPorts(attached('passthru')).map(({ interfaces }) => interfaces?.[0]?.columns?.['mac'])).toEqual(
    VMS.map(({ mac }) => mac),
  );
});

test('frames are handed on both ways', () => {
  const script = attachScript(attached('bridge'));
  for (const [from, to] of [
    ['vm2', 'macvlan1'],
    ['macvlan1', 'vm2'],
  ] as const)
    expect(script).toContain(`ingress device "${from}" priority 200; fwd to "${to}"; }`);
});

test('what is not as it was made is told', () => {
  const shown = (change: object) => ({
    ifname: 'macvlan0',
    link: 'br0',
    address: '02:00:00:00:01:0a',
    flags: ['BROADCAST', 'MULTICAST', 'ALLMULTI', 'UP', 'LOWER_UP'],
    linkinfo: { info_kind: 'macvlan', info_data: { mode: 'bridge' } },
    ...change,
  });
  const values = (first: object) =>
    macvlanFacts(
      JSON.stringify([{}, first, shown({ ifname: 'macvlan1', address: '02:00:00:00:01:0b' })]),
      attached('bridge'),
      'bridge',
    ).map(({ ok, value }) => `${ok} ${value}`);
  const good = 'true bridge, on br0';
  expect(values(shown({}))).toEqual([good, good]);
  expect(values(shown({ linkinfo: { info_data: { mode: 'vepa' } } }))).toEqual(['false its mode is vepa', good]);
  expect(values(shown({ address: '02:00:00:00:00:77' }))).toEqual(['false its address is 02:00:00:00:00:77', good]);
  expect(values(shown({ flags: ['UP'] }))).toEqual(['false it hears only groups that the host has joined', good]);
  expect(values({})).toEqual(['false it is not there', good]);
  expect(macvlanFacts('', attached('bridge'), 'bridge').map(({ ok }) => ok)).toEqual([false, false]);
});

test('who hears whom on the host follows from the mode', () => {
  expect(['bridge', 'vepa', 'private', 'passthru'].map((name) => macvlanTraits(variantNamed(name)).onHost)).toEqual([
    'vms',
    'nobody',
    'nobody',
    undefined,
  ]);
  expect(() => variantNamed('source')).toThrow(/no variant "source"; it has bridge, vepa, private, passthru/);
});
