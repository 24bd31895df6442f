import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { HANGS_MS } from '../testing/limits.js';
import { isDrawn, NOT_DRAWN } from '../testing/samples.js';
import { connect } from './connect.js';
import { run, stream } from './process.js';
import type { TestMachine } from './testing/machine.js';
import { openTestNetwork } from './testing/network.js';
import { SSH_TIMING } from './timing.js';
import { wrapped } from './wrapper.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');

const SOON_MS = 20_000;
const LEASE_MS = SSH_TIMING.leaseSeconds * 1000;
/** Two seconds until SIGKILL, one for the clock that counts whole seconds, and a busy machine. */
const LEASE_GRACE_MS = 8_000;

/** A command that ignores SIGTERM and has a child that does, too. */
const DEAF = ['sh', '-c', 'trap "" TERM; sleep 600 & while :; do sleep 1; done'];

/** A command that ends by itself, and has a child that has its output. */
const PARENT = ['sh', '-c', 'sleep 600 & exit 3'];

const SERVERS = [
  { server: 'openssh', shell: 'dash', user: 'root' },
  { server: 'openssh', shell: 'busybox', user: 'qa', sudo: true },
  { server: 'dropbear', shell: 'busybox', user: 'root' },
] as const;

async function nothingLeft(machine: TestMachine, withinMs: number): Promise<void> {
  await expect.poll(() => machine.processes(), { timeout: withinMs }).toEqual([]);
  await expect.poll(() => machine.inside('ls', '/tmp'), { timeout: withinMs }).toBe('');
}

for (const [mine, options] of SERVERS.entries())
  test.describe(() => {
    test.skip(!isDrawn(mine, SERVERS.length, 2), NOT_DRAWN);
    const where = `${options.server} with ${options.shell} as ${options.user}`;

    test(`what waits for its first line ends with its lease, and has done nothing: ${where}`, async () => {
      await using network = await openTestNetwork();
      const machine = await network.boot('server', options);
      await using connection = await connect(machine.machine);
      const sudo = 'sudo' in options;
      const channel = await connection.session(wrapped({ argv: ['touch', '/tmp/done'], inputBytes: 0, sudo }));
      channel.resume();
      await expect.poll(() => machine.processes().join(), { timeout: SOON_MS }).toContain('everyleaf');
      await nothingLeft(machine, LEASE_MS + LEASE_GRACE_MS);
    });

    test(`a stream is stopped by us with its last words, and what will not stop is killed: ${where}`, async () => {
      await using network = await openTestNetwork();
      const machine = await network.boot('server', options);
      await using connection = await connect(machine.machine);
      const lines: string[] = [];
      let bytes = 0;
      const tap = await stream(connection, {
        argv: ['tcpdump', '-i', 'mgmt', '-U', '-w', '-'],
        asRoot: true,
        onBytes: (chunk) => void (bytes += chunk.length),
        onLine: (line) => void lines.push(line),
      });
      await expect.poll(() => lines.join('\n'), { timeout: SOON_MS }).toContain('listening on mgmt');
      await expect.poll(() => bytes, { timeout: SOON_MS }).toBeGreaterThan(1_000);
      const asked = performance.now();
      expect(await tap.stop()).toEqual({ code: 0, lost: null });
      // By the end of its stdin, and not because its lease ends.
      expect(performance.now() - asked).toBeLessThan(LEASE_MS / 2);
      expect(lines.join('\n')).toMatch(/packets captured.*dropped by kernel/s);
      const deaf = await stream(connection, { argv: DEAF, onBytes: () => undefined });
      await expect.poll(() => machine.processes(), { timeout: SOON_MS }).toContain('sleep 600');
      expect(await deaf.stop()).toEqual({ code: 137, lost: null });
      // What it leaves behind when it ends by itself does not keep its channel open.
      const parent = await stream(connection, { argv: PARENT, onBytes: () => undefined });
      expect(await parent.ended).toEqual({ code: 3, lost: null });
      await nothingLeft(machine, SOON_MS);
    });

    test(`nothing outlives us when we are killed: ${where}`, async () => {
      await using network = await openTestNetwork();
      const machine = await network.boot('server', options);
      const file = join(network.folder, 'machine.json');
      await writeFile(file, JSON.stringify(machine.machine));
      const holder = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist/lib/ssh/testing/holder.js'), file, ...DEAF], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(holder.stdout, 'data');
      await expect.poll(() => machine.processes(), { timeout: SOON_MS }).toContain('sleep 600');
      holder.kill('SIGKILL');
      await nothingLeft(machine, LEASE_MS + LEASE_GRACE_MS);
    });

    test(`what somebody kills there is told, and leaves nothing either: ${where}`, async () => {
      await using network = await openTestNetwork();
      const machine = await network.boot('server', options);
      await using connection = await connect(machine.machine);
      await expect(run(connection, { argv: ['sh', '-c', 'kill -KILL $PPID; sleep 600'] }, HANGS_MS)).rejects.toThrow(
        /^server: sh -c .* was killed there, by SIGKILL from somebody else$/,
      );
      await nothingLeft(machine, LEASE_MS + LEASE_GRACE_MS);
    });

    test(`a cut network ends the work at both sides: ${where}`, async () => {
      await using network = await openTestNetwork();
      const machine = await network.boot('server', options);
      await using connection = await connect(machine.machine);
      const work = run(connection, { argv: DEAF }, HANGS_MS);
      const other = run(connection, { argv: ['sleep', '600'] }, HANGS_MS);
      await expect.poll(() => machine.processes(), { timeout: SOON_MS }).toContain('sleep 600');
      await machine.cut();
      const words = /^server: .* has not answered for 5 s: the connection is lost$/;
      await expect(work).rejects.toThrow(words);
      await expect(other).rejects.toThrow(words);
      await expect(run(connection, { argv: ['true'] }, SOON_MS)).rejects.toThrow(words);
      // The far side hears of nothing, and has only its lease.
      await nothingLeft(machine, LEASE_MS + LEASE_GRACE_MS);
    });
  });

/** How long we hear nothing each time, ms: a command that does nothing begins and ends meanwhile. */
const DEAF_MS = 500;

test('how a command ended is known, also where its end is heard together with its beginning', async () => {
  await using network = await openTestNetwork();
  const machine = await network.boot('server');
  await using connection = await connect(machine.machine);
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  const busy = setInterval(() => Atomics.wait(nothing, 0, 0, DEAF_MS), 1);
  try {
    expect((await run(connection, { argv: ['sh', '-c', 'exit 3'] }, HANGS_MS)).code).toBe(3);
  } finally {
    clearInterval(busy);
  }
});

test('a process that is told that we live lives on, also beyond its first lease', async () => {
  await using network = await openTestNetwork();
  const machine = await network.boot('server');
  await using connection = await connect(machine.machine);
  const seconds = SSH_TIMING.leaseSeconds + 5;
  expect((await run(connection, { argv: ['sleep', String(seconds)] }, HANGS_MS)).code).toBe(0);
});

test('a reader that is slow holds the far process back, not us', async () => {
  await using network = await openTestNetwork();
  const machine = await network.boot('server');
  await using connection = await connect(machine.machine);
  const wanted = 60_000_000;
  let [bytes, chunks] = [0, 0];
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const far = await stream(connection, {
    argv: ['head', '-c', String(wanted), '/dev/zero'],
    onBytes(chunk) {
      bytes += chunk.length;
      return chunks++ === 0 ? gate : undefined;
    },
  });
  await expect.poll(() => bytes, { timeout: SOON_MS }).toBeGreaterThan(0);
  const before = process.memoryUsage().rss;
  // Two beats: time in which all of it would have come.
  await wait(2 * SSH_TIMING.beat);
  expect(bytes).toBeLessThan(100_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(20_000_000);
  expect((await run(connection, { argv: ['echo', 'still here'] }, SOON_MS)).stdout).toBe('still here\n');
  go();
  expect(await far.ended).toEqual({ code: 0, lost: null });
  expect(bytes).toBe(wanted);
});
