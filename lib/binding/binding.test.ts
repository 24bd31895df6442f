import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import { dice } from '../dice.js';
import { samples } from '../testing/samples.js';
import { declaredClaims } from './claims.js';
import { describeBinding } from './describe.js';
import { loadBinding } from './load.js';
import { BindingError, readBinding } from './parse.js';
import { bindingJsonSchema } from './schema.js';
import { sshTargets } from './targets.js';

const FOLDER = join('topologies', 'bindings');
const load = (name: string): ReturnType<typeof loadBinding> => loadBinding(join(FOLDER, name), DEFAULTS.dataPlanes);

test("the editors' schema of bindings is the one that is checked; else: node dist/lib/cli/writeBindingSchema.js", () => {
  expect(readFileSync(join(FOLDER, 'binding.schema.json'), 'utf8')).toBe(bindingJsonSchema());
});

test('every binding names the schema in its first line, and is right', async () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
  expect(files.length).toBeGreaterThanOrEqual(2);
  for (const name of files) {
    expect(readFileSync(join(FOLDER, name), 'utf8').split('\n')[0], name).toBe(
      '# yaml-language-server: $schema=./binding.schema.json',
    );
    const { topology } = await load(name);
    expect(topology.leaves.length).toBeGreaterThan(1);
  }
});

test('what a leaf can carry follows from what is declared of its vantage, which only takes away', () => {
  expect(Object.values(declaredClaims({ kind: 'port' }))).not.toContain('no');
  const span = { kind: 'span', losses: [['ethtool', '-S', 'ens2f0']] } as const;
  expect(declaredClaims({ ...span, losses: [[...span.losses[0]]] })).toMatchObject({
    reached: 'yes',
    missing: 'counted',
    once: 'counted',
    tags: 'shown',
    skew: 'yes',
  });
  expect(declaredClaims({ kind: 'span' })).toMatchObject({ reached: 'yes', missing: 'no', once: 'no', data: 'no' });
  expect(declaredClaims({ kind: 'trap', losses: [['x']] })).toMatchObject({
    once: 'no',
    skew: 'no',
    missing: 'counted',
  });
  expect(declaredClaims({ kind: 'port', tags: 'stripped', data: 'none' })).toMatchObject({
    tags: 'no',
    data: 'no',
    once: 'yes',
  });
});

test('a binding is drawn with its machines, its wiring, and what each leaf can carry', async () => {
  const { binding, topology } = await load('rack.yaml');
  const text = describeBinding(binding, topology);
  expect(text).toMatch(/\n {2}server +qa@srv12\.example\.net +linux +via gw, sudo\n/);
  expect(text).toMatch(
    /\n {2}leg-b +server ens1f1np1 +leafb Ethernet4 +captured at cap1 ens2f1 \(SPAN or mirror port\)\n/,
  );
  expect(text).toMatch(/\n {2}once +exactly once +while its loss counters stand still +while its/);
  expect(text).toMatch(/\n {2}leaf-a +unplug, by fan Ethernet12\/1\n/);
  expect(text).toMatch(/\n {2}leaf-a +second +nothing is captured there\n/);
  expect(text).toMatch(/\n {2}leaf-b +clock +stamps are those of the kernel that captures\n/);
  expect(text).toContain('vm1   answers only: the leaves ask it');
  expect(text).toContain('nothing may be changed there');
  expect(text).not.toContain('FANOUT_PASSWORD');
});

test('machines are logged in to by the way that the binding says, and secrets are fetched only then', async () => {
  const { binding, folder } = await load('rack.yaml');
  const targets = sshTargets(binding, { folder, environment: { FANOUT_PASSWORD: 'not-for-your-eyes' }, ask: null });
  expect([...targets.keys()]).toEqual(['gw', 'server', 'leafa', 'leafb', 'cap1', 'fan']);
  const leaf = targets.get('leafa');
  expect(leaf).toMatchObject({ host: 'leaf12a.example.net', user: 'admin', port: null, sudo: true, agent: true });
  expect(leaf?.via?.map(({ name, user }) => `${user ?? ''}@${name}`)).toEqual(['qa@gw']);
  expect(leaf?.knownHosts).toEqual([join(FOLDER, 'rack.known_hosts')]);
  expect(targets.get('gw')?.via).toBeNull();
  expect(JSON.stringify([...targets.values()])).not.toContain('not-for-your-eyes');
  expect(await targets.get('fan')?.password?.()).toBe('not-for-your-eyes');
});

test('whatever a text is, it is read or refused', () => {
  const text = readFileSync(join(FOLDER, 'rack.yaml'), 'utf8');
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ':',
    '- ',
    '\n',
    '  ',
    '"',
    '&a',
    '*a',
    '<<',
    'null',
    '1e400',
    '\u0000',
    '!!x',
    '%',
    '~',
  ];
  const random = dice(7);
  const draw = (count: number): number => Math.floor(random() * count);
  let refused = 0;
  const texts = samples(600, 2_000);
  for (let i = 0; i < texts; i++) {
    let broken = text;
    for (let cuts = 1 + draw(3); cuts > 0; cuts--) {
      const at = draw(broken.length);
      broken = broken.slice(0, at) + (pieces[draw(pieces.length)] ?? '') + broken.slice(at + draw(6));
    }
    try {
      readBinding(broken, 'rack.yaml');
    } catch (error) {
      expect(error, broken).toBeInstanceOf(BindingError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(texts / 4);
});
