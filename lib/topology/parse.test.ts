import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { DEFAULTS } from '../defaults.js';
import type { Topology } from './model.js';
import { parseTopology, type ParseOptions } from './parse.js';
import type { PlaneRules } from './planeRules.js';
import { TopologyError } from './problem.js';

const DUAL = readFileSync('topologies/dual-leaf.yaml', 'utf8');
const QUAD = readFileSync('topologies/quad-leaf.yaml', 'utf8');
const PLANES: readonly PlaneRules[] = DEFAULTS.dataPlanes;
const parse = (text: string, options: Partial<ParseOptions> = {}): Topology =>
  parseTopology(text, 'x.yaml', { planes: PLANES, ...options });
const dual = parse(DUAL);
const quad = parse(QUAD);

test('dual-leaf: networks take the documentation ranges', () => {
  expect(dual.networks).toEqual([
    {
      name: 'native',
      vlan: null,
      ipv4: '192.0.2.0/24',
      ipv6: '2001:db8::/64',
      gateway4: '192.0.2.1',
      gateway6: '2001:db8::1',
    },
    {
      name: 'v20',
      vlan: 20,
      ipv4: '198.51.100.0/24',
      ipv6: '2001:db8:20::/64',
      gateway4: '198.51.100.1',
      gateway6: '2001:db8:20::1',
    },
    {
      name: 'v30',
      vlan: 30,
      ipv4: '203.0.113.0/24',
      ipv6: '2001:db8:30::/64',
      gateway4: '203.0.113.1',
      gateway6: '2001:db8:30::1',
    },
  ]);
});

test('dual-leaf: the host is on the native network by its own stack', () => {
  expect(dual.host).toEqual({
    node: 'host',
    nic: 'br0',
    mac: '02:00:00:00:01:01',
    attachment: { type: 'native', network: 'native' },
    addresses: [{ network: 'native', ipv4: '192.0.2.10', ipv6: '2001:db8::10' }],
    plane: { traits: PLANES[0]?.traits('balance-tcp'), bond: 'bond0', options: {} },
  });
});

test('dual-leaf: two access VMs that differ in one bit, and one on a trunk', () => {
  expect(dual.vms).toEqual([
    {
      node: 'vm1',
      nic: 'eth0',
      mac: '02:00:00:00:01:0a',
      hostPort: 'vm1',
      attachment: { type: 'access', network: 'v20' },
      addresses: [{ network: 'v20', ipv4: '198.51.100.11', ipv6: '2001:db8:20::11' }],
    },
    {
      node: 'vm2',
      nic: 'eth0',
      mac: '02:00:00:00:01:0b',
      hostPort: 'vm2',
      attachment: { type: 'access', network: 'v20' },
      addresses: [{ network: 'v20', ipv4: '198.51.100.12', ipv6: '2001:db8:20::12' }],
    },
    {
      node: 'vm3',
      nic: 'eth0',
      mac: '02:00:00:00:01:0c',
      hostPort: 'vm3',
      attachment: { type: 'trunk', networks: ['v20', 'v30'] },
      addresses: [
        { network: 'v20', ipv4: '198.51.100.13', ipv6: '2001:db8:20::13' },
        { network: 'v30', ipv4: '203.0.113.13', ipv6: '2001:db8:30::13' },
      ],
    },
  ]);
});

test('dual-leaf: one leg to each leaf; one gateway MAC and one LACP identity for all', () => {
  expect(dual.legs).toEqual([
    {
      name: 'leg-a',
      leaf: 'leaf-a',
      hostPort: 'up-a',
      hostMac: '02:00:00:01:00:01',
      leafPort: 'to-host',
      leafMac: '02:00:00:02:01:01',
    },
    {
      name: 'leg-b',
      leaf: 'leaf-b',
      hostPort: 'up-b',
      hostMac: '02:00:00:01:00:02',
      leafPort: 'to-host',
      leafMac: '02:00:00:02:02:01',
    },
  ]);
  expect(dual.leaves).toEqual([
    { name: 'leaf-a', gatewayMac: '02:00:00:0f:00:01' },
    { name: 'leaf-b', gatewayMac: '02:00:00:0f:00:01' },
  ]);
  expect(dual.lacp).toEqual({ systemId: '02:00:00:0f:00:ac', key: 1 });
});

test('quad-leaf is dual-leaf with two more leaves', () => {
  expect(quad.legs.map(({ name, leaf, hostPort }) => `${name} ${leaf} ${hostPort}`)).toEqual([
    'leg-a leaf-a up-a',
    'leg-b leaf-b up-b',
    'leg-c leaf-c up-c',
    'leg-d leaf-d up-d',
  ]);
  expect({ ...quad, name: '', description: '', leaves: [], legs: [] }).toEqual({
    ...dual,
    name: '',
    description: '',
    leaves: [],
    legs: [],
  });
});

test('what is written wins over what is derived, in canonical form', () => {
  const text = DUAL.replace(
    'vlan: 30 }',
    'vlan: 30, ipv4: 203.0.113.128/25, gateway4: 203.0.113.254, ipv6: "2001:0db8:ab::/48" }',
  ).replace(
    'trunk: [v20, v30] }',
    'trunk: [v20, v30], nic: ens3, mac: 0E:00:00:00:00:AB, addresses: [{ network: v30, ipv6: "2001:DB8:AB:0::7" }] }',
  );
  const topology = parse(text);
  expect(topology.networks[2]).toEqual({
    name: 'v30',
    vlan: 30,
    ipv4: '203.0.113.128/25',
    ipv6: '2001:db8:ab::/48',
    gateway4: '203.0.113.254',
    gateway6: '2001:db8:ab::1',
  });
  expect(topology.vms[2]).toMatchObject({
    nic: 'ens3',
    mac: '0e:00:00:00:00:ab',
    addresses: [{ ipv4: '198.51.100.13' }, { ipv4: '203.0.113.141', ipv6: '2001:db8:ab::7' }],
  });
});

test('a tagged network that stands first does not take the native range', () => {
  const text = DUAL.replace(/ {2}- \{ name: native \}.*\n/, '').replace(
    'vlan: 30 }\n',
    'vlan: 30 }\n  - { name: native }\n',
  );
  expect(parse(text).networks.map(({ name, ipv4 }) => `${name} ${ipv4}`)).toEqual([
    'v20 198.51.100.0/24',
    'v30 203.0.113.0/24',
    'native 192.0.2.0/24',
  ]);
});

/** A data plane of a test: it wants an even number of legs, and has an option. */
const ours: PlaneRules = {
  kind: 'ours',
  variants: ['plain', 'fancy'],
  traits: (variant) => ({
    kind: 'ours',
    variant,
    lacp: false,
    spreads: 'no',
    hears: { unicast: 'all', multicast: 'all' },
  }),
  hostNic: 'eth9',
  bond: null,
  check: ({ legs, host }) => [
    ...(legs.length === 2 ? [] : [{ path: ['legs', 2], text: 'a third leg', hint: 'remove it' }]),
    ...(host.plane.options['speed'] === 'slow'
      ? [{ path: ['host', 'plane', 'options', 'speed'], text: 'too slow', hint: 'be fast' }]
      : []),
  ],
};
const planes = [...PLANES, ours];
const withPlane = (plane: string): string =>
  DUAL.replace('  network: native\n', `  network: native\n  plane: ${plane}\n`);

test('a topology that names no data plane gets the first, in its first variant', () => {
  expect(parse(DUAL).host.plane.traits).toEqual(PLANES[0]?.traits(PLANES[0].variants[0] ?? ''));
});

test('what a topology leaves out its data plane says, and what is chosen counts more than what is written', () => {
  const host = (text: string, plane: ParseOptions['plane'] = {}) => {
    const { nic, plane: found } = parse(text, { planes, plane }).host;
    return [nic, found.traits.kind, found.traits.variant, found.bond, found.options];
  };
  const fancy = withPlane('{ kind: ours, variant: fancy, options: { speed: fast } }');
  expect(host(fancy)).toEqual(['eth9', 'ours', 'fancy', null, { speed: 'fast' }]);
  expect(host(fancy, { variant: 'plain' })).toEqual(['eth9', 'ours', 'plain', null, { speed: 'fast' }]);
  // Options and variant of another data plane mean nothing to this one.
  expect(host(fancy, { kind: 'ovs-bond' })).toEqual(['br0', 'ovs-bond', 'balance-tcp', 'bond0', {}]);
  expect(host(DUAL.replace('  network: native\n', '  network: native\n  nic: eth3\n'), { kind: 'ours' })[0]).toBe(
    'eth3',
  );
});

test('what a data plane cannot do with a topology is told where it stands', () => {
  const slow = withPlane('{ kind: ours, options: { speed: slow } }');
  expect(() => parse(slow, { planes })).toThrow(/^x\.yaml:13:42: too slow; be fast$/);
  expect(() => parse(QUAD, { planes, plane: { kind: 'ours' } })).toThrow(/^x\.yaml:23:5: a third leg; remove it$/);
  expect(() => parse(DUAL, { planes, plane: { kind: 'theirs' } })).toThrow(
    /there is no data plane "theirs"; known: ovs-bond, .*ours$/,
  );
  expect(() => parse(DUAL, { planes, plane: { kind: 'ours', variant: 'fency' } })).toThrow(
    /the data plane ours has no variant "fency"; did you mean "fancy"\?$/,
  );
});

/**
 * Parses: true when the answer is a topology, or the typed error each of whose problems stands in the text and none of
 * which can steer the reader's terminal. Throws what is thrown besides. Without `expect`, which is slow in thousands.
 */
function isHandled(text: string): boolean {
  try {
    return parse(text).legs.length >= 2;
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    const lines = text.split(/\r?\n/);
    const stands = error.problems.every(({ line, column }) => {
      const length = lines[line - 1]?.length;
      return length !== undefined && line >= 1 && column >= 1 && column <= length + 2;
    });
    return stands && error.problems.length > 0 && !/[^\P{Cc}\n]/u.test(error.message);
  }
}

test('whatever the text, nothing but a TopologyError is thrown', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), isHandled), { numRuns: 200 });
  const marks = fc.string({
    unit: fc.constantFrom(...'{}[]:,-?!&*#|>%@`"\'~<=\n\t\r \u0000ab0\\./'.split('')),
    maxLength: 60,
  });
  fc.assert(fc.property(marks, isHandled), { numRuns: 500 });
});

test('whatever is cut out of or put into a topology, nothing but a TopologyError is thrown', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'null',
      '~',
      '[]',
      '{}',
      '0',
      '-1',
      '1e999',
      '.nan',
      'true',
      '""',
      '<<: *x',
      '&x ',
      '*x',
      '!!binary',
      '? ',
      '__proto__: 1',
      'constructor: {}',
      '\n',
      '  ',
      '- ',
      '---\n',
      '"\\e[2J"',
      ',',
    ),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.nat(DUAL.length), fc.nat(40), piece, (at, length, put) => {
      return isHandled(DUAL.slice(0, at) + put + DUAL.slice(at + length));
    }),
    { numRuns: 500 },
  );
});

test('deep nesting is refused before it can hurt', () => {
  for (const unit of ['[', '{', '- ', '? ', '[{a: ', 'a:\n '])
    expect(isHandled(unit.repeat(Math.floor(30_000 / unit.length))), unit).toBe(true);
});
