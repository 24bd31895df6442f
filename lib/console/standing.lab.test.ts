import { execFile, spawn } from 'node:child_process';
import { accessSync, chmodSync, chownSync, constants, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { guardedFolder } from '../crash/testing/guardedFolder.js';
import { processesOf, stillAlive } from '../crash/testing/marked.js';
import { DURATIONS } from '../durations.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { until } from '../until.js';
import { standingFolder } from './folder.js';
import type { ProcessIdentity } from './protocol.js';
import { HANGS_MS, WHOLE_RUNS_MS } from '../testing/limits.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });

/** A gateway of dual-leaf.yaml, in the VLAN of vm1. */
const GATEWAY = '198.51.100.1';

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A user with their own folder for standing labs; what they type, and its result. */
interface Person {
  readonly folder: string;
  /** In the environment of everything that they start. */
  readonly mark: string;
  readonly types: (...words: string[]) => Promise<Said>;
}

async function withPerson(work: (person: Person) => Promise<void>, as: readonly string[] = [], uid = 0): Promise<void> {
  using guarded = guardedFolder('everyleaf-person-');
  const folder = guarded.path;
  const mark = `XDG_RUNTIME_DIR=${folder}`;
  if (as.length > 0) chownSync(folder, uid, uid);
  const types = (...words: string[]): Promise<Said> =>
    new Promise((resolve) => {
      const [file = '', ...args] = [...as, process.execPath, join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), ...words];
      const child = execFile(
        file,
        args,
        { env: { ...process.env, XDG_RUNTIME_DIR: folder } },
        (error, stdout, stderr) => {
          resolve({ code: typeof error?.code === 'number' ? error.code : (child.exitCode ?? -1), stdout, stderr });
        },
      );
    });
  try {
    await work({ folder, mark, types });
  } finally {
    await types('down');
  }
}

/** What is there of a person's lab: processes, and files in the run folder. */
function remains({ mark, folder }: Person): readonly string[] {
  return [...processesOf(mark).map((one) => one.command), ...readdirSync(folder)];
}

async function lifeOfALab(person: Person): Promise<void> {
  const { types } = person;
  const up = await types('up');
  expect(up).toMatchObject({ code: 0, stderr: '' });
  expect(up.stdout).toContain('── leg-a ── to-host ┤ leaf-a │');
  expect(up.stdout).toContain('nodes: host, leaf-a, leaf-b, vm1, vm2, vm3');
  expect(statSync(join(person.folder, 'everyleaf')).mode & 0o777).toBe(0o700);
  expect(await types('up')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/a lab stands already\n.*everyleaf down/),
  });

  expect((await types('shell', 'host', '--', 'ovs-vsctl', 'list-ports', 'br0')).stdout.split('\n')).toContain('bond0');
  expect((await types('shell', 'vm1', '--', 'ping', '-c', '1', '-W', '5', GATEWAY)).stdout).toContain('1 received');
  expect(await types('shell', 'vm1', '--', 'sh', '-c', 'ip link set eth0 mtu 1400 && exit 7')).toMatchObject({
    code: 7,
    stderr: '',
  });
  expect(await types('shell', 'vm9')).toMatchObject({
    code: 2,
    stderr:
      'everyleaf: the lab has no node "vm9"; did you mean "vm1"?\neveryleaf: nodes: host, leaf-a, leaf-b, vm1, vm2, vm3\n',
  });

  const cut = await types('break', 'leg-a', 'unplug', '--json');
  expect(JSON.parse(cut.stdout)).toMatchObject({
    legs: [
      { name: 'leg-a', state: 'down' },
      { name: 'leg-b', state: 'up' },
    ],
  });
  expect((await types('shell', 'host', '--', 'ip', '-o', 'link', 'show', 'dev', 'up-a')).stdout).toMatch(/NO-CARRIER/);
  expect((await types('shell', 'host', '--', 'ovs-appctl', 'bond/show')).stdout).toMatch(/member up-a: disabled/);
  expect(await types('break', 'leg-a', 'plug')).toMatchObject({ code: 0 });
  expect((await types('shell', 'host', '--', 'ovs-appctl', 'bond/show')).stdout).toMatch(/member up-a: enabled/);
  expect(await types('break', 'leg-a', 'plugg')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean "plug"?'),
  });

  expect(await types('down', '--json')).toEqual({
    code: 0,
    stdout: '{\n  "result": "down",\n  "stood": true\n}\n',
    stderr: '',
  });
  expect(remains(person)).toEqual([]);
}

test('a lab stands until it is taken down; people enter its nodes and break its legs', () => withPerson(lifeOfALab));

test('the same as a user who is not root', async () => {
  test.skip(process.getuid?.() !== 0, 'the other tests run as a normal user already');
  test.skip(
    (statSync('/dev/net/tun').mode & 0o006) !== 0o006,
    '/dev/net/tun is closed to users here: stat -c %a /dev/net/tun',
  );
  await withPerson(lifeOfALab, ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'], 65534);
});

test('when the lab daemon is killed, all that is left is a file that the next command clears away', () =>
  withPerson(async (person) => {
    expect(await person.types('up', '--mode', 'active-backup', '--replicator', 'none')).toMatchObject({ code: 0 });
    const daemon = JSON.parse(readFileSync(standingFolder(person.folder).daemonFile, 'utf8')) as ProcessIdentity;
    expect(processesOf(person.mark).length).toBeGreaterThan(8);
    process.kill(daemon.pid, 'SIGKILL');
    let left: readonly string[] = [];
    await until(
      'the lab to vanish',
      HANGS_MS,
      () => {
        left = processesOf(person.mark).map((one) => one.command);
        return Promise.resolve(left.length === 0 ? true : null);
      },
      () => left.join(', '),
    );
    expect(await person.types('shell', 'host')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the last one was killed'),
    });
    expect(remains(person)).toEqual([]);
    expect(await person.types('down')).toMatchObject({ code: 0, stdout: 'no lab stands\n' });
  }));

async function gone(what: string, look: () => readonly { readonly command: string }[]): Promise<void> {
  await until(
    what,
    HANGS_MS,
    () => Promise.resolve(look().length === 0 ? true : null),
    () =>
      look()
        .map((one) => one.command)
        .join(', '),
    DURATIONS.crashLook,
  );
}

test('a lab whose folder was removed goes by itself, and takes nothing of the next one with it', () =>
  withPerson(async (person) => {
    const up = ['up', '--mode', 'active-backup', '--replicator', 'none'];
    expect(await person.types(...up)).toMatchObject({ code: 0 });
    const lost = processesOf(person.mark);
    rmSync(join(person.folder, 'everyleaf'), { recursive: true });
    expect(await person.types(...up)).toMatchObject({ code: 0 });
    await gone('the lost lab to go', () => stillAlive(lost));
    expect(await person.types('shell', 'host', '--', 'true')).toMatchObject({ code: 0, stderr: '' });
    expect(await person.types('down')).toMatchObject({ code: 0, stdout: 'the lab is down\n' });
    expect(remains(person)).toEqual([]);
  }));

test('a leg that LACP has given up does not keep the other from being broken', () => {
  return withPerson(async ({ types }) => {
    expect(await types('up', '--mode', 'balance-tcp', '--replicator', 'none')).toMatchObject({ code: 0 });
    expect(await types('break', 'leg-b', 'silenceLacp')).toMatchObject({ code: 0 });
    await until('LACP to give it up', HANGS_MS, async () =>
      /member up-b: disabled/.test((await types('shell', 'host', '--', 'ovs-appctl', 'bond/show')).stdout)
        ? true
        : null,
    );
    expect(await types('break', 'leg-a', 'unplug')).toMatchObject({ code: 0, stderr: '' });
    expect(await types('break', 'leg-b', 'unsilenceLacp')).toMatchObject({ code: 0 });
    expect(await types('break', 'leg-a', 'plug')).toMatchObject({ code: 0, stderr: '' });
  });
});

test('"up" that is killed while its lab daemon is just beginning leaves no lab', () =>
  withPerson(async (person) => {
    const up = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), 'up', '--replicator', 'none'], {
      env: { ...process.env, XDG_RUNTIME_DIR: person.folder },
      stdio: 'ignore',
    });
    await until('the lab daemon to begin', HANGS_MS, () =>
      Promise.resolve(
        processesOf(person.mark).some(({ command }) => /^\S*node\S* \S*labDaemon\.js/.test(command)) ? true : null,
      ),
    );
    up.kill('SIGKILL');
    await gone('the lab daemon to follow', () => processesOf(person.mark));
    expect(remains(person)).toEqual([]);
  }));

test('"down" while "up" is still opening takes the lab down', () =>
  withPerson(async (person) => {
    const coming = person.types('up', '--replicator', 'none');
    await until('the lock to be there', HANGS_MS, () =>
      Promise.resolve(readdirSync(person.folder).length > 0 ? true : null),
    );
    await until('a lab to be taken down', HANGS_MS, async () =>
      (await person.types('down')).stdout === 'the lab is down\n' ? true : null,
    );
    await coming;
    await gone('the agent to follow its daemon', () => processesOf(person.mark));
    expect(remains(person)).toEqual([]);
  }));

test('a run folder that others can write to is refused', () =>
  withPerson(async (person) => {
    await person.types('up', '--mode', 'nonsense');
    const { path } = standingFolder(person.folder);
    expect(() => accessSync(path, constants.F_OK)).toThrow();
    await person.types('up', '--replicator', 'none');
    chmodSync(path, 0o755);
    expect(await person.types('shell', 'host')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is open to others (mode 755)'),
    });
    chmodSync(path, 0o700);
  }));
