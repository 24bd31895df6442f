import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { farKeeper } from '../lease/farLease.js';
import { takeLease } from '../lease/lease.js';
import { keepRun } from '../lease/runRecord.js';
import { HOLDER } from '../lease/testing/holder.js';
import { openJournal } from '../repair/journal.js';
import { runProgram } from '../runProgram.js';
import { connect } from '../ssh/connect.js';
import type { TestMachine } from '../ssh/testing/machine.js';
import { openTestNetwork } from '../ssh/testing/network.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');

const MAIN = join(PACKAGE_ROOT, 'dist/lib/cli/main.js');

test('lease and repair, as they are typed, by two people', async () => {
  await using network = await openTestNetwork();
  const machines = await Promise.all(['server', 'leafa', 'leafb'].map((name) => network.boot(name)));
  const { folder } = network;
  const knownHosts = await Promise.all(machines.map(({ name }) => readFile(join(folder, name, 'known_hosts'), 'utf8')));
  await writeFile(join(folder, 'known_hosts'), knownHosts.join(''));
  const example = await readFile(join(PACKAGE_ROOT, 'topologies/bindings/two-linux-leaves.yaml'), 'utf8');
  const text = machines
    .reduce(
      (yaml, { name, address }) => yaml.replace(new RegExp(`(${name}: \\{ ssh: )[^,]+`), `$1${address}, user: root`),
      example,
    )
    .replace('../dual-leaf.yaml', join(PACKAGE_ROOT, 'topologies/dual-leaf.yaml'))
    // On a machine with much else to do, the commands of this test together take longer than a lease usually lasts.
    .replace('{ at: leafa }', '{ at: leafa, ttl: 900s }')
    .replace(
      '{ agent: true, knownHosts: ./lab.known_hosts }',
      '{ agent: false, identity: { file: ./id }, knownHosts: ./known_hosts }',
    );
  const binding = join(folder, 'binding.yaml');
  await writeFile(binding, text);
  for (const machine of machines)
    await machine.inside(
      'sh',
      '-c',
      'for l in swp1 eth1 eth2; do ip link add $l type veth peer name p$l; ip link set $l up; ip link set p$l up; done',
    );
  const as = async (person: string, ...args: readonly string[]) => {
    await mkdir(join(folder, person), { recursive: true });
    const env = { ...process.env, HOME: join(folder, person), XDG_STATE_HOME: join(folder, person) };
    const { code, stdout, stderr } = await runProgram(process.execPath, [MAIN, ...args, binding], { env });
    return { code, said: `${stdout}${stderr}`.trim() };
  };

  expect(await as('ann', 'lease', 'show')).toEqual({ code: 0, said: 'the lease of two-linux-leaves is free' });
  expect((await as('ann', 'lease', 'give')).said).toContain(
    'this user has not taken the lease of two-linux-leaves by hand',
  );
  expect(await as('ann', 'lease', 'take')).toEqual({
    code: 0,
    said: expect.stringMatching(/ is held by .* for work by hand, since /),
  });
  const shown = await as('bob', 'lease', 'show', '--json');
  expect(JSON.parse(shown.said)).toMatchObject({
    binding: 'two-linux-leaves',
    is: 'held',
    holder: { run: 'work by hand' },
  });
  for (const command of [['lease', 'take'], ['repair'], ['repair', '--clear']])
    expect(await as('bob', ...command), command.join(' ')).toEqual({
      code: 69,
      said: expect.stringMatching(
        /^everyleaf: the lease of two-linux-leaves could not be taken: it is held by .* for work by hand/,
      ),
    });
  {
    using journal = openJournal(join(folder, 'ann/everyleaf/two-linux-leaves'));
    const entry = { run: 'a run', machine: 'leafa', what: 'unplug of leg-a', guard: null };
    journal.begin({ ...entry, undo: [['ip', 'link', 'set', 'dev', 'swp1', 'up']] });
    await machines[1]?.inside('ip', 'link', 'set', 'swp1', 'down');
    journal.begin({ ...entry, machine: 'leafb', what: 'something else', undo: [['reboot']] });
  }
  const repaired = await as('ann', 'repair');
  expect(repaired.code).toBe(69);
  expect(repaired.said.split('\n').sort()).toEqual([
    expect.stringMatching(/^leafa: unplug of leg-a \(a run, .*\): undone$/),
    expect.stringMatching(
      /^leafb: LEFT: something else \(a run, .*\): not run: "reboot" is nothing that this binding allows on leafb$/,
    ),
    'server: nothing to repair',
    'two-linux-leaves is not well: put right what is left, then: everyleaf repair --clear BINDING',
  ]);
  expect((await machines[1]?.inside('cat', '/sys/class/net/swp1/operstate'))?.trim()).toBe('up');
  expect(await as('ann', 'repair', '--clear')).toEqual({ code: 0, said: 'two-linux-leaves is well' });
  const { code, said } = await as('ann', 'repair', '--json');
  expect({ code, report: JSON.parse(said) as unknown }).toEqual({
    code: 0,
    report: {
      binding: 'two-linux-leaves',
      machines: ['server', 'leafa', 'leafb'].map((machine) => ({ machine, did: [], left: [] })),
      left: [],
      well: true,
    },
  });
  expect((await as('bob', 'lease', 'show')).said, 'repair leaves a lease that was taken by hand').toContain('held by');
  expect((await as('ann', 'lease', 'give')).code).toBe(0);
  expect((await as('bob', 'repair')).code).toBe(0);
  expect((await as('bob', 'lease', 'show')).said, 'repair gives its own lease back').toContain('is free');

  // The lease of a run: while one of its processes lives it is waited for, and then no more.
  const keeper = await connect((machines[1] as TestMachine).machine);
  const run = await takeLease(farKeeper(keeper, 'two-linux-leaves', 90), HOLDER);
  const state = join(folder, 'bob/everyleaf/two-linux-leaves');
  keepRun(state, run);
  expect(await as('bob', 'repair')).toEqual({
    code: 69,
    said: expect.stringContaining('could not be taken: it is held by qa at station for a test'),
  });
  const file = join(state, 'run.jsonl');
  const kept = await readFile(file, 'utf8');
  await writeFile(file, kept.replace(/"start":"\d+"/, '"start":"1"'));
  expect((await as('ann', 'repair')).code, 'only who has its record can prove it').toBe(69);
  const { code: took, said: how } = await as('bob', 'repair');
  expect([took, how.split('\n')[0]]).toEqual([
    0,
    expect.stringMatching(/^the lease of two-linux-leaves was that of a test, since .*, which is dead \(process \d+ /),
  ]);
  await expect(run.renew(), 'a lease that was taken over is not renewed').rejects.toThrow('was lost');
  expect((await as('ann', 'lease', 'show')).said).toContain('is free');
  await keeper[Symbol.asyncDispose]();
});
