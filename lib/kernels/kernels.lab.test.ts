import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { until } from '../until.js';
import { ARE_ASKED, notTested } from '../vm/testing/guestTests.js';

test.skip(!ARE_ASKED, notTested('guests with kernels of their own'));

/** Builds the guest the first time. */
const LONGEST_MS = 600_000;
/** A guest that was killed is gone as soon as the kernel has taken its memory back. */
const GONE_MS = 20_000;
// Each takes the guests of a run.
test.describe.configure({ mode: 'default' });
test.setTimeout(2 * LONGEST_MS);

const EVERYLEAF = 'lib/bootstrap/everyleaf.mjs';
const options = { cwd: PACKAGE_ROOT, encoding: 'utf8', timeout: LONGEST_MS } as const;

/** Command lines of running programs, without those that have ended already. */
function running(): readonly string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8')] : [];
    } catch {
      return [];
    }
  });
}

const scratches = () => readdirSync(tmpdir()).filter((name) => name.startsWith('everyleaf-vm-'));

test('a guest that panics is infrastructure, and its console is told', () => {
  const panic = ['vm', 'shell', '--', 'sh', '-c', 'echo c > /proc/sysrq-trigger; sleep 60'];
  const { status, stderr } = spawnSync('node', [EVERYLEAF, ...panic], options);
  expect(stderr).toMatch(/the guest is gone: .*Kernel panic/);
  expect(status).toBe(69);
});

test('a run that is killed leaves no guest and no file', async () => {
  const before = scratches();
  const child = spawn('node', [EVERYLEAF, 'kernels'], { cwd: PACKAGE_ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
  const mine = () => scratches().filter((name) => !before.includes(name));
  const guests = (folders: readonly string[]) =>
    running().filter((line) => line.includes('qemu-system') && folders.some((name) => line.includes(name)));
  const ended = once(child, 'close');
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until('a guest to answer', LONGEST_MS, () => Promise.resolve(said.includes('answered') ? true : null));
  const folders = mine();
  expect(folders).not.toEqual([]);
  expect(guests(folders)).not.toEqual([]);
  child.kill('SIGKILL');
  await ended;
  await until('guests and files to go', GONE_MS, () =>
    Promise.resolve(guests(folders).length === 0 && mine().length === 0 ? true : null),
  );
});
