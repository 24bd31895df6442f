import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../../durations.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { EVIDENCE_FOLDER } from '../../run/testRecord.js';
import { processesOf, stillAlive, type RunProcess } from './marked.js';

/** When, and whom, SIGKILL hits. */
export interface Instant {
  /** So many scenarios have left evidence, */
  readonly scenarios: number;
  /** and then this long, ms. */
  readonly delayMs: number;
  /** The command that a user typed, or the test runner that it started. */
  readonly victim: 'command' | 'runner';
}

/** What was there at the instant, and what is there when all should be gone. */
export interface Aftermath {
  readonly killed: boolean;
  readonly processes: number;
  /** Network namespaces of its labs. */
  readonly networks: number;
  /** Empty when the run has vanished. */
  readonly left: readonly string[];
}

function scenariosDone(runFolder: string): number {
  try {
    return readdirSync(join(runFolder, EVIDENCE_FOLDER), { withFileTypes: true }).filter((entry) => entry.isDirectory()).length;
  } catch {
    return 0; // not begun
  }
}

function runnerOf(commandPid: number): number | null {
  const children = readFileSync(`/proc/${commandPid}/task/${commandPid}/children`, 'utf8').trim();
  return children === '' ? null : Number(children.split(' ')[0]);
}

/** Looks until it holds, or the time is over. */
async function lookUntil(holds: () => boolean): Promise<void> {
  const giveUp = performance.now() + DURATIONS.crashCleared;
  while (!holds() && performance.now() < giveUp) await wait(DURATIONS.crashLook);
}

/** Waits until nothing of the run lives; two looks in a row, since a process may be born behind the first look's back. */
async function vanished(known: readonly RunProcess[], mark: string): Promise<readonly RunProcess[]> {
  let alive = known;
  await lookUntil(() => {
    alive = stillAlive(alive);
    if (alive.length === 0) alive = [...processesOf(mark), ...processesOf(mark)];
    return alive.length === 0;
  });
  return alive;
}

/** Runs scenarios in `folder` and kills the run at the instant. */
export async function runAndKill(folder: string, instant: Instant): Promise<Aftermath> {
  const mark = `EVERYLEAF_TEST_MARK=${randomUUID()}`;
  const [name = '', value = ''] = mark.split('=');
  const temporary = join(folder, 'tmp');
  const runFolder = join(folder, 'run');
  mkdirSync(temporary, { recursive: true });
  const before = { mounts: mounts(), links: new Set(readdirSync('/sys/class/net')), run: new Set(readdirSync('/run')) };
  const child = spawn(
    process.execPath,
    [join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), 'run', '--mode', 'balance-tcp', '--controls', 'none', '--workers', '2', '--out', runFolder],
    {
      cwd: PACKAGE_ROOT,
      // A folder for temporary files of its own, to see what stays in it. The runner's cache of compiled scenarios is meant to stay, and would
      // be cold there.
      env: { ...process.env, [name]: value, TMPDIR: temporary, PLAYWRIGHT_TRANSFORM_CACHE_DIR: join(tmpdir(), `playwright-transform-cache-${process.getuid?.() ?? ''}`) },
      stdio: 'ignore',
      detached: true,
    },
  );
  const pid = child.pid ?? 0;
  let over = false;
  const ended = new Promise<void>((resolve) => child.once('exit', () => {
    over = true;
    resolve();
  }));
  await lookUntil(() => over || scenariosDone(runFolder) >= instant.scenarios);
  await Promise.race([wait(instant.delayMs), ended]);
  const doomed = over ? [] : processesOf(mark);
  const victim = over ? null : instant.victim === 'command' ? pid : runnerOf(pid);
  // Its runner may not be there yet, or no longer; then the command is all that there is to kill.
  if (!over) process.kill(victim ?? pid, 'SIGKILL');
  await ended;
  const alive = await vanished(doomed, mark);
  return {
    killed: victim !== null,
    processes: doomed.length,
    networks: new Set(doomed.map((one) => one.network).filter((network) => network !== '')).size,
    left: [
      ...alive.map((one) => `process ${one.pid} in ${one.network || 'our network'}: ${one.command}`),
      ...[...mounts()].filter((line) => !before.mounts.has(line)).map((line) => `mount ${line}`),
      ...readdirSync('/sys/class/net').filter((link) => !before.links.has(link)).map((link) => `link ${link}`),
      ...readdirSync('/run').filter((entry) => !before.run.has(entry)).map((entry) => `file /run/${entry}`),
      ...readdirSync(temporary, { recursive: true }).map((entry) => `file ${join('$TMPDIR', String(entry))}`),
    ],
  };
}

/** Mounts of this machine, without those that other programs make all the time. */
function mounts(): ReadonlySet<string> {
  return new Set(readFileSync('/proc/self/mounts', 'utf8').split('\n').filter((line) => /everyleaf|nsfs|netns|\/run /.test(line)));
}
