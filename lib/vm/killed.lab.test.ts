import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { guardedFolder, type GuardedFolder } from '../crash/testing/guardedFolder.js';
import { processesOf, type RunProcess } from '../crash/testing/marked.js';
import { leftOf, traces } from '../crash/testing/traces.js';
import { lookUntil, vanished } from '../crash/testing/vanished.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { EVIDENCE_FOLDER } from '../run/testRecord.js';
import { ARE_ASKED, notTested } from './testing/guestTests.js';

test.skip(!ARE_ASKED, notTested('the end of guests whose run is killed'));
// Builds the guest the first time; then two starts of a run and a lab in each.
test.setTimeout(900_000);

const QEMU = 'qemu-system';

let folder: GuardedFolder;
test.beforeEach(() => {
  folder = guardedFolder('everyleaf-vm-killed-');
});
test.afterEach(() => {
  folder[Symbol.dispose]();
});

const guestIn = (processes: readonly RunProcess[]) => processes.some(({ command }) => command.includes(QEMU));
/** Sockets of guests to QEMU itself. */
const socketsIn = (folder: string) =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('/qmp'));

/** How far the run has come when SIGKILL hits. */
const STAGES = {
  /** The command itself restores a guest, to ask it for its versions. */
  asked: guestIn,
  /** A worker has a lab in a guest, and writes down what it does there. */
  used: (processes: readonly RunProcess[], run: string) => {
    const evidence = join(run, EVIDENCE_FOLDER);
    const begun =
      existsSync(evidence) && readdirSync(evidence, { withFileTypes: true }).some((one) => one.isDirectory());
    return begun && guestIn(processes);
  },
} as const;

for (const [stage, victim] of [
  ['asked', 'main.js'],
  ['used', 'main.js'],
  // The command goes on: it tells that its runner ended.
  ['used', 'playwright/test/cli.js'],
] as const)
  test(`a run with guests whose ${victim} is killed once they are ${stage} leaves no guest, socket or file`, async () => {
    const temporary = join(folder.path, 'tmp');
    const run = join(folder.path, 'run');
    mkdirSync(temporary);
    const id = randomUUID();
    const mark = `EVERYLEAF_TEST_MARK=${id}`;
    const before = new Set(traces());
    const what = ['--testbed', 'vm', '--data-plane', 'kernel-bond', '--replicator', 'none', '--mode', '802.3ad'];
    const which = ['--scenario', 'every ARP form', '--controls', 'none', '--out', run];
    const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), 'run', ...what, ...which], {
      cwd: PACKAGE_ROOT,
      // The runner's cache of compiled scenarios is meant to stay, as guests are that were built.
      env: {
        ...process.env,
        EVERYLEAF_TEST_MARK: id,
        TMPDIR: temporary,
        PLAYWRIGHT_TRANSFORM_CACHE_DIR: join(tmpdir(), `playwright-transform-cache-${process.getuid?.() ?? ''}`),
      },
      stdio: 'ignore',
      detached: true,
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const over = () => child.exitCode !== null || child.signalCode !== null;
    await lookUntil(() => over() || (socketsIn(temporary).length > 0 && STAGES[stage](processesOf(mark), run)));
    const doomed = processesOf(mark);
    const sockets = socketsIn(temporary);
    const first = doomed.find(({ command }) => command.includes(victim));
    expect(first, 'the run was still going on').toBeDefined();
    process.kill(first?.pid ?? 0, 'SIGKILL');
    await ended;
    const alive = await vanished(doomed, mark);
    expect(leftOf(alive, before, temporary)).toEqual([]);
    // It was there: otherwise that nothing is left says nothing.
    expect(guestIn(doomed)).toBe(true);
    expect(sockets).not.toEqual([]);
  });
