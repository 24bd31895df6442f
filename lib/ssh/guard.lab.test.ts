import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { connect } from './connect.js';
import { ARM, armGuard, LOOP, type Guard, type GuardOptions } from './guard.js';
import { isDrawn, NOT_DRAWN, samples } from '../testing/samples.js';
import type { TestMachine } from './testing/machine.js';
import { openTestNetwork } from './testing/network.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');

const SOON_MS = 20_000;
/** Of guards that are to end by themselves. */
const SECONDS = 4;
/** Of guards that must not end by themselves: longer than a busy machine lets a test stand still. */
const LONG_SECONDS = 600;
/** A guard that must be renewed to live, but not at once: a renewal on a busy machine has taken 4 s. */
const RENEWED_SECONDS = 10;

const isUp = async (machine: TestMachine, link: string) =>
  (await machine.inside('cat', `/sys/class/net/${link}/flags`)).trim().endsWith('3');

const uptime = async (machine: TestMachine) => Number((await machine.inside('cat', '/proc/uptime')).split(' ')[0]);

async function addLinks(machine: TestMachine, count: number): Promise<readonly string[]> {
  const links = Array.from({ length: count }, (_, index) => `x${index}`);
  for (const link of links) {
    await machine.inside('ip', 'link', 'add', link, 'type', 'veth', 'peer', 'name', `y${link}`);
    await machine.inside('ip', 'link', 'set', link, 'up');
  }
  return links;
}

const guardOf = (link: string, options: Partial<GuardOptions> = {}): GuardOptions => ({
  undo: [{ argv: ['ip', 'link', 'set', 'dev', link, 'up'] }],
  seconds: SECONDS,
  witness: ['sh', '-c', `ip -o link show ${link} | grep -q '[<,]UP[,>]'`],
  asRoot: true,
  ...options,
});

const takeDown = (guard: Guard, link: string) => guard.change(['ip', 'link', 'set', 'dev', link, 'down']);

/** Nothing of a guard is left: no process, no folder. */
async function nothingLeft(machine: TestMachine): Promise<void> {
  await expect.poll(() => machine.processes(), { timeout: SOON_MS }).toEqual([]);
  expect(await machine.inside('sh', '-c', 'ls -d /run/everyleaf* /tmp/everyleaf* 2>/dev/null || :')).toBe('');
}

/** By the name that a guard's shell has as a whole argument: a renewal that is on its way has it inside of others. */
const killGuards = (machine: TestMachine) =>
  machine.inside(
    'sh',
    '-c',
    'for p in $(grep -lzsx everyleaf-guard /proc/[0-9]*/cmdline | cut -d/ -f3); do [ $p = $$ ] || kill -KILL $p; done 2>/dev/null; :',
  );

const GUARDED = [
  { server: 'openssh', shell: 'dash', user: 'qa', sudo: true },
  { server: 'dropbear', shell: 'busybox', user: 'root' },
  { server: 'openssh', shell: 'dash', user: 'root', without: ['setsid'] },
] as const;

for (const [mine, options] of GUARDED.entries())
  test(`a guard is renewed, undoes when it is disarmed, and says what it could not undo: ${JSON.stringify(options)}`, async () => {
    test.skip(!isDrawn(mine, GUARDED.length, 2), NOT_DRAWN);
    await using network = await openTestNetwork();
    const machine = await network.boot('server', options);
    await addLinks(machine, 1);
    await using connection = await connect(machine.machine);
    const guard = await armGuard(connection, guardOf('x0', { seconds: RENEWED_SECONDS }));
    await takeDown(guard, 'x0');
    const start = await uptime(machine);
    while ((await uptime(machine)) < start + RENEWED_SECONDS + 2) {
      await guard.renew();
      expect(await isUp(machine, 'x0')).toBe(false);
    }
    // Several at a time are in nobody's way.
    await Promise.all(Array.from({ length: 6 }, () => guard.renew()));
    await guard.disarm();
    await guard.disarm();
    expect(await isUp(machine, 'x0')).toBe(true);
    await expect(guard.renew()).rejects.toThrow('server: the guard of a change has ended');
    await nothingLeft(machine);

    const blind = await armGuard(
      connection,
      guardOf('x0', { seconds: LONG_SECONDS, witness: ['sh', '-c', 'echo dark; exit 1'] }),
    );
    await expect(blind.disarm()).rejects.toThrow(`"sh -c 'echo dark; exit 1'" does not see it: dark`);
    const lame = await armGuard(
      connection,
      guardOf('x0', { seconds: LONG_SECONDS, undo: [{ argv: ['ip', 'link', 'set', 'dev', 'gone', 'up'] }] }),
    );
    await expect(lame.disarm()).rejects.toThrow(/could not be undone: .*(Cannot find|No such) device/);
  });

test('a guard that was killed is noticed before anything is changed', async () => {
  await using network = await openTestNetwork();
  const machine = await network.boot('server');
  await using connection = await connect(machine.machine);
  const guard = await armGuard(connection, guardOf('lo', { seconds: LONG_SECONDS }));
  await killGuards(machine);
  await expect(guard.renew()).rejects.toThrow('has ended');
});

test('a change that comes after its guard is not made, and one that outlasts it is undone', async () => {
  await using network = await openTestNetwork();
  const machine = await network.boot('server');
  const links = await addLinks(machine, 3);
  await using connection = await connect(machine.machine);
  const down = (link: string, before = '') => ['sh', '-c', `${before}exec ip link set dev ${link} down`];
  const [late, long, lost] = await Promise.all(links.map((link) => armGuard(connection, guardOf(link))));
  const hasEnded = (folder = '') => machine.inside('sh', '-c', `while [ -d ${folder} ]; do sleep 0.1; done`);

  // It ends with its guard, and then asks once more.
  const outlasts = `while [ -d ${long?.folder ?? ''} ]; do sleep 0.1; done; `;
  const change = expect(long?.change(down('x1', outlasts))).rejects.toThrow('the guard of a change has ended');
  await hasEnded(late?.folder);
  await expect(late?.change(down('x0'))).rejects.toThrow('server: the guard of a change has ended');
  expect(await isUp(machine, 'x0')).toBe(true);
  await change;
  await hasEnded(`${long?.folder ?? ''}.ending`);
  expect(await isUp(machine, 'x1')).toBe(true);

  // One that was killed undoes nothing, so that nothing may be changed.
  await hasEnded(lost?.folder);
  await hasEnded(`${lost?.folder ?? ''}.ending`);
  const killed = await armGuard(connection, guardOf('x2', { seconds: LONG_SECONDS }));
  await killGuards(machine);
  await expect(killed.change(down('x2'))).rejects.toThrow('the guard of a change has ended');
  expect(await isUp(machine, 'x2')).toBe(true);
  await machine.inside('rm', '-r', killed.folder);

  // A change that fails says so, and its guard goes on.
  const well = await armGuard(connection, guardOf('x0', { seconds: LONG_SECONDS }));
  expect((await well.change(['sh', '-c', 'echo no >&2; exit 7'])).code).toBe(7);
  expect((await well.change(['cat'], 'input')).stdout).toBe('input');
  await well.change(down('x0'));
  expect(await isUp(machine, 'x0')).toBe(false);
  await well.disarm();
  expect(await isUp(machine, 'x0')).toBe(true);
  await nothingLeft(machine);
});

/** $1 the script that arms, $2 its loop. As soon as there is a folder, all of the session that arms is killed. */
const KILLED_WHILE_ARMING = `
p=$(mktemp -d) || exit 1
printf '%s\\n' '#!/bin/sh' '/bin/mkdir "$@"' 'kill -KILL -$VICTIM' >$p/mkdir
chmod +x $p/mkdir
PATH=$p:$PATH setsid sh -c 'export VICTIM=$$; exec sh -c "$@"' sh "$1" everyleaf everyleaf-guard-x "$2" 1 true >/dev/null 2>&1
r=$?; rm -rf $p; echo $r
`;

test('what is killed while it arms a guard leaves nothing', async () => {
  await using network = await openTestNetwork();
  const machine = await network.boot('server');
  expect(await machine.inside('sh', '-c', KILLED_WHILE_ARMING, 'sh', ARM, LOOP)).toBe('137\n');
  await nothingLeft(machine);
});

/** No more at a time than two cores can start. */
const AT_A_TIME = samples(6, 12);
/** From the start of the program, or from the break, to some renewals. */
const LATEST_MS = 5_000;

const ROUNDS = [
  ['killed', 'first'],
  ['cut off', 'only'],
  ['killed', 'second'],
] as const;
for (const [how, round] of ROUNDS.slice(0, samples(2, ROUNDS.length)))
  test(`a link comes back in time when we are ${how}, at whatever instant: ${round} round`, async ({}, info) => {
    await using network = await openTestNetwork();
    const machine = await network.boot('server', { config: ['MaxStartups 100'] });
    const links = await addLinks(machine, AT_A_TIME);
    const file = join(network.folder, 'machine.json');
    await writeFile(file, JSON.stringify(machine.machine));
    const program = join(PACKAGE_ROOT, 'dist/lib/ssh/testing/breaker.js');
    const breakers = links.map((link) =>
      spawn(process.execPath, [program, file, link, String(RENEWED_SECONDS)], { stdio: ['ignore', 'pipe', 'ignore'] }),
    );
    // One that could not even begin, on a machine without a free core, is as good as killed.
    const broken = breakers.map((breaker) => Promise.race([once(breaker.stdout, 'data'), once(breaker, 'exit')]));
    const told: Record<string, string> = {};
    const wasDown = new Set<string>();
    /** The last deadline of each link, in far uptime, as its guard has it. */
    const deadlines = async () =>
      (await machine.inside('sh', '-c', 'cat /run/everyleaf-guard-*/until 2>/dev/null || :'))
        .split('\n')
        .filter((line) => line !== '');
    const look = async () => {
      for (const link of links) if (!(await isUp(machine, link))) wasDown.add(link);
    };
    if (how === 'killed')
      await Promise.all(
        breakers.map(async (breaker, index) => {
          // Every second one at any time since it was started, the others at any time after the link went down.
          const [after, start] = index % 2 === 0 ? ['its start', undefined] : ['the break', broken[index]];
          await start;
          const ms = Math.random() * LATEST_MS;
          told[links[index] ?? ''] = `${Math.round(ms)} ms after ${after}`;
          await wait(ms);
          breaker.kill('SIGKILL');
          await look();
        }),
      );
    else {
      await Promise.all(broken);
      await wait(Math.random() * LATEST_MS);
      await machine.cut();
    }
    await look();
    const last = Math.max(...(await deadlines()).map(Number), await uptime(machine));
    info.annotations.push({ type: 'instants', description: JSON.stringify({ told, down: [...wasDown] }) });
    expect(wasDown.size, 'nothing was broken').toBeGreaterThan(0);
    // Guards look twice a second.
    while ((await uptime(machine)) < last + 1) await wait(50);
    for (const link of links)
      expect(await isUp(machine, link), `${link} at ${last + 1} s: ${JSON.stringify(told)}`).toBe(true);
    for (const breaker of breakers) breaker.kill('SIGKILL');
    await nothingLeft(machine);
  });
