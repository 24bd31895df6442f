import { DEFAULTS } from '../defaults.js';
import { defaultTopology } from '../testing/defaultLab.js';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Command } from '@commander-js/extra-typings';
import { drawTopology } from '../topology/picture.js';
import { BindingError } from '../binding/parse.js';
import { TopologyError } from '../topology/problem.js';
import { describeTopology, registerCheck } from './check.js';
import { loadTopology } from '../run/loadTopology.js';
import { sendersOf } from '../topology/senders.js';
import { UserError } from '../userError.js';

let folder = '';
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'everyleaf-check-'));
});
test.afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs `check` with stdout kept; what the action throws is returned. */
async function check(...args: readonly string[]): Promise<{ readonly stdout: string; readonly error: unknown }> {
  const program = new Command('everyleaf').exitOverride();
  registerCheck(program);
  let stdout = '';
  const original = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk: unknown, ...rest: readonly unknown[]): boolean => {
    stdout += String(chunk);
    const done = rest.find((argument): argument is () => void => typeof argument === 'function');
    done?.();
    return true;
  };
  try {
    await program.parseAsync(['check', ...args], { from: 'user' });
    return { stdout, error: null };
  } catch (error) {
    return { stdout, error };
  } finally {
    process.stdout.write = original;
  }
}

test('draws the wiring and names every address', async () => {
  const topology = await defaultTopology('quad-leaf.yaml');
  const { stdout, error } = await check('topologies/quad-leaf.yaml');
  expect(error).toBeNull();
  expect(stdout).toBe(describeTopology(topology));
  expect(stdout).toContain(`\n\n${drawTopology(topology)}\n\n`);
  const { networks, host, legs, leaves, lacp } = topology;
  const facts = [
    ...networks.flatMap((network) => [network.ipv4, network.ipv6, network.gateway4, network.gateway6]),
    ...sendersOf(topology).flatMap((sender) => [
      `${sender.node}/${sender.nic}`,
      sender.mac,
      ...sender.addresses.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]),
    ]),
    ...legs.flatMap((leg) => [leg.hostMac, leg.leafMac, `${host.node}/${leg.hostPort}`, `${leg.leaf}/${leg.leafPort}`]),
    leaves[0]?.gatewayMac ?? '-',
    lacp.systemId,
  ];
  for (const fact of facts) expect(stdout).toContain(fact);
  expect(stdout.split('\n').filter((line) => line !== line.trimEnd())).toEqual([]);
});

test('--json is the topology itself', async () => {
  const { stdout } = await check('topologies/dual-leaf.yaml', '--json');
  expect(JSON.parse(stdout)).toEqual(await defaultTopology('dual-leaf.yaml'));
});

test('a wrong topology is thrown with the path as it was typed; --json has the places as numbers', async () => {
  const file = 'topologies/invalid/duplicate-vlan.yaml';
  const said = `${file}:7:24: VLAN 20 is already used by network "v20"; give each network its own`;
  const plain = await check(file);
  expect(plain.stdout).toBe('');
  expect(plain.error).toBeInstanceOf(TopologyError);
  expect(plain.error).toMatchObject({ message: said });
  const json = await check(file, '--json');
  expect(json.error).toBeInstanceOf(TopologyError);
  expect(JSON.parse(json.stdout)).toEqual({
    error: said,
    problems: [
      {
        kind: 'duplicate-vlan',
        line: 7,
        column: 24,
        text: 'VLAN 20 is already used by network "v20"',
        hint: 'give each network its own',
      },
    ],
  });
});

test('a file that is no topology says why, and what to name', async () => {
  const hint = 'name a topology file, for instance topologies/dual-leaf.yaml';
  const binary = join(folder, 'binary.yaml');
  const large = join(folder, 'large.yaml');
  const pipe = join(folder, 'pipe');
  writeFileSync(binary, Buffer.from([0xff, 0xfe, 0x00]));
  writeFileSync(large, Buffer.alloc(131_073, 0x20));
  execFileSync('mkfifo', [pipe]);
  const wrong = async (path: string): Promise<unknown> => {
    const error: unknown = await loadTopology(path, DEFAULTS.dataPlanes).catch((thrown: unknown) => thrown);
    return error instanceof UserError ? [error.message, error.hint, error.exitCode] : error;
  };
  expect(await wrong(join(folder, 'none.yaml'))).toEqual([`there is no file ${join(folder, 'none.yaml')}`, hint, 2]);
  expect(await wrong(join(binary, 'below'))).toEqual([`there is no file ${join(binary, 'below')}`, hint, 2]);
  expect(await wrong(folder)).toEqual([`${folder} is a folder`, hint, 2]);
  expect(await wrong(pipe)).toEqual([`${pipe} is not a regular file`, hint, 2]);
  expect(await wrong(large)).toEqual([
    `${large} has 131073 bytes, too many for a topology`,
    'a topology has at most 32768 characters',
    2,
  ]);
  expect(await wrong(binary)).toEqual([`${binary} is not UTF-8 text`, hint, 2]);
});

test('a byte order mark and Windows line ends are taken', async () => {
  const file = join(folder, 'windows.yaml');
  writeFileSync(file, `\ufeff${readFileSync('topologies/dual-leaf.yaml', 'utf8').replaceAll('\n', '\r\n')}`);
  expect(await loadTopology(file, DEFAULTS.dataPlanes)).toEqual(await defaultTopology('dual-leaf.yaml'));
});

test('a binding is checked as a topology is, as text and as JSON', async () => {
  const rack = await check('topologies/bindings/rack.yaml');
  expect(rack.error).toBeNull();
  expect(rack.stdout).toContain('what each leaf can carry, as declared');
  const json = await check('topologies/bindings/rack.yaml', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ binding: 'rack', host: { change: 'nothing' } });
  const wrong = await check('topologies/bindings/invalid/secret-written-out.yaml', '--json');
  expect(wrong.error).toBeInstanceOf(BindingError);
  expect(JSON.parse(wrong.stdout)).toMatchObject({ problems: [{ line: 8, column: 37 }] });
  expect(wrong.stdout + String(wrong.error)).not.toContain('not-for-your-eyes');
});
