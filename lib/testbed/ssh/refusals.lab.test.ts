import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import type { MachineOptions } from '../../ssh/testing/machine.js';
import { HANGS_MS } from '../../testing/limits.js';
import { UserError } from '../../userError.js';
import { holdMachines } from './hold.js';
import { isDrawn, NOT_DRAWN } from '../../testing/samples.js';
import { bringUpTwoLeaves, type MachineName, type TwoLeaves } from './testing/twoLeaves.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');

/** Ports, namespaces, files and processes of a machine. */
async function stateOf({ machines }: TwoLeaves): Promise<readonly string[]> {
  // Carriers of links that are new come by themselves.
  const script = `ip -o link | sed 's/NO-CARRIER,//; s/ state [A-Z]*//'; ip netns list; ls /tmp /run | grep everyleaf || :`;
  return Promise.all(Object.values(machines).map((machine) => machine.inside('sh', '-c', script)));
}

/** The error with which the testbed is refused; nothing may have changed by it. */
async function refused(leaves: TwoLeaves, binding = leaves.binding): Promise<UserError> {
  const before = await stateOf(leaves);
  const error = await holdMachines({ binding, run: 'a run' }, DEFAULTS.dataPlanes).then(
    () => new Error('it was opened'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  await expect.poll(() => stateOf(leaves), { timeout: HANGS_MS }).toEqual(before);
  return error as UserError;
}

test('what a binding asks for and the machines do not have is one sentence with the machine, and changes nothing', async () => {
  await using leaves = await bringUpTwoLeaves();
  const edit = async (name: string, from: string, to: string) =>
    refused(leaves, await leaves.change(name, (text) => text.replace(from, to)));
  const at = async (name: string, place: string) =>
    edit(name, 'vantage: { kind: port }', `vantage: { kind: trap, at: { machine: ${place} } }`);
  const cases = [
    [await edit('no-port', 'up-b: eth2', 'up-b: eth7'), 2, 'server: it has no port eth7'],
    [
      await edit('own-way', 'up-b: eth2', 'up-b: mgmt'),
      2,
      'server: mgmt carries the way to this machine or to another one',
    ],
    [await edit('nobody', '192.0.2.14', '192.0.2.13'), 69, 'leafb: root@192.0.2.13 refuses the connection'],
    [await edit('installed', 'switches: built', 'switches: installed'), 2, 'its switches are installed'],
    [
      await edit('erspan', 'vantage: { kind: port }', 'vantage: { kind: erspan }'),
      2,
      'leaf-a is captured by ERSPAN (erspan), and everyleaf takes no live captures of that',
    ],
    [await at('no-place', 'leafa, port: cpu7'), 2, 'leafa: it has no port cpu7 to capture at'],
    [await at('own-place', 'leafa, port: mgmt'), 2, 'leafa: mgmt carries the way to this machine or to another one'],
    [await at('leg-place', 'leafb, port: swp1'), 2, 'leaf-a is captured at leafb swp1, which is the end of a leg'],
  ] as const;
  for (const [error, code, text] of cases) {
    expect(error.message).toContain(text);
    expect(error.exitCode).toBe(code);
  }
  await leaves.machines.leafa.inside('ip', 'addr', 'add', '198.51.100.9/24', 'dev', 'swp1');
  expect((await refused(leaves)).message).toContain('leafa: swp1 has the address 198.51.100.9/24');
});

test('two names of one machine are noticed', async () => {
  await using leaves = await bringUpTwoLeaves();
  const { leafa } = leaves.machines;
  await leafa.inside('ip', 'link', 'add', 'name', 'swp9', 'type', 'veth', 'peer', 'name', 'swp8');
  const binding = await leaves.change('twice', (text) =>
    text
      .replace('ssh: 192.0.2.14', 'ssh: 192.0.2.10')
      .replace(/(leaf-b:\s+machine: leafb\s+ports: \{ to-host: )swp1/, '$1swp9'),
  );
  const error = await refused(leaves, binding);
  expect(error.message).toContain('"leafb" and "leafa" are one machine; give it one name');
  expect(error.exitCode).toBe(2);
});

test('a key that is not the known one is refused before anything is sent', async () => {
  await using leaves = await bringUpTwoLeaves();
  const file = join(dirname(leaves.binding), 'two-linux-leaves-local/known_hosts');
  const [server = '', leafa = '', leafb = ''] = (await readFile(file, 'utf8')).split('\n');
  const swapped = `${leafb.split(' ')[0] ?? ''} ${leafa.split(' ').slice(1).join(' ')}`;
  await writeFile(file, [server, leafa, swapped, ''].join('\n'));
  const error = await refused(leaves);
  expect(error.message).toContain('leafb: root@192.0.2.14 was not logged in to');
  expect(error.exitCode).toBe(69);
});

for (const [mine, [machine, options, text, user]] of (
  [
    ['leafb', { without: ['tcpdump'] }, 'leafb: "tcpdump --version" fails on root@192.0.2.14', 'root'],
    ['server', { without: ['python3', 'perl', 'socat'] }, 'server: nothing there can send frames: python3:', 'root'],
    ['leafa', { user: 'qa' }, 'leafa: this needs root, and qa is not', 'qa'],
    [
      'leafa',
      { user: 'qa' },
      'leafa: nothing can be run as root on qa@192.0.2.10: sudo: a password is required',
      'qa, sudo: true',
    ],
  ] satisfies readonly (readonly [MachineName, MachineOptions, string, string])[]
).entries())
  test(`a tool or right that is not there is told: ${machine}, ${user}, ${JSON.stringify(options)}`, async () => {
    test.skip(!isDrawn(mine, 4, 2), NOT_DRAWN);
    await using leaves = await bringUpTwoLeaves({ [machine]: options });
    const binding = await leaves.change('user', (text) =>
      text.replace(new RegExp(`(${machine}: \\{ ssh: [^,]*, user: )root`), `$1${user}`),
    );
    const error = await refused(leaves, binding);
    expect(error.message).toContain(text);
    expect(error.exitCode).toBe(69);
  });
