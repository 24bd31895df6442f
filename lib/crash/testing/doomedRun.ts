import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { EVIDENCE_FOLDER } from '../../run/testRecord.js';
import { processesOf } from './marked.js';
import { leftOf, traces } from './traces.js';
import { lookUntil, vanished } from './vanished.js';

/** How far a run has come, in this order. */
export const STAGES = ['command', 'runner', 'worker', 'agent', 'evidence'] as const;

export type Stage = (typeof STAGES)[number];

/** When, and whom, SIGKILL hits. */
export interface Instant {
  /** The run has come so far, */
  readonly stage: Stage;
  /** and of the time that this stage lasts, this share has passed. */
  readonly share: number;
  /** Labs at the same time. */
  readonly workers: number;
  /** The command that a user typed, or the test runner that it started. */
  readonly victim: 'command' | 'runner';
}

/** How long each stage lasted in the last run that came to its end, ms. Runs that go on at the same time share it. */
export type Pace = Map<Stage, number>;

/** What was there at the instant, and what is there when all should be gone. */
export interface Aftermath {
  readonly killed: boolean;
  readonly processes: number;
  /** Network namespaces of its labs. */
  readonly networks: number;
  /** Empty when the run has vanished. */
  readonly left: readonly string[];
}

function hasEvidence(runFolder: string): boolean {
  try {
    return readdirSync(join(runFolder, EVIDENCE_FOLDER), { withFileTypes: true }).some((entry) => entry.isDirectory());
  } catch {
    return false; // not begun
  }
}

/** First process below `pid` of which this holds. */
function descendant(pid: number, holds: (pid: number) => boolean): number | null {
  const children = attempt(() => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'), '')
    .split(' ')
    .filter((child) => child !== '')
    .map(Number);
  for (const child of children) {
    const found = attempt(() => holds(child), false) ? child : descendant(child, holds);
    if (found !== null) return found;
  }
  return null;
}

/** What is read of a process that may end meanwhile. */
function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

const says = (text: string) => (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text);
const isRunner = says('playwright/test/cli.js');
const networkOf = (pid: number | 'self') => readlinkSync(`/proc/${pid}/ns/net`);

/** How each stage is seen, at the run whose command has this pid. */
const HAS_COME: Readonly<Record<Stage, (pid: number, runFolder: string) => boolean>> = {
  command: () => true,
  runner: (pid) => descendant(pid, isRunner) !== null,
  worker: (pid) => descendant(pid, says('workerProcessEntry')) !== null,
  // Its command line is there before its namespaces are.
  agent: (pid) => descendant(pid, (child) => networkOf(child) !== networkOf('self')) !== null,
  evidence: (_pid, runFolder) => hasEvidence(runFolder),
};

/** The stages that a run passes through, each with its moment, ms. */
async function comeTo(stage: Stage, hasCome: (stage: Stage) => boolean, over: () => boolean, pace: Pace) {
  let since = performance.now();
  for (const [i, next] of STAGES.slice(0, STAGES.indexOf(stage) + 1).entries()) {
    await lookUntil(() => over() || hasCome(next));
    if (over()) return;
    const now = performance.now();
    const before = STAGES[i - 1];
    if (before !== undefined) pace.set(before, now - since);
    since = now;
  }
}

/** How long a stage lasts. The last one lasts as long as there are scenarios: several times what a lab takes to make. */
function lifeOf(stage: Stage, pace: Pace): number {
  const ms = pace.get(stage === 'evidence' ? 'agent' : stage);
  if (ms === undefined) throw new Error(`no run has shown yet how long the stage "${stage}" lasts`);
  return ms;
}

/**
 * Runs scenarios in `folder` and kills the run at the instant. What comes before is waited for by looking at it, however
 * long it takes; a run that ends earlier is the end of waiting.
 * @param pace is written, and read for how long the instant's stage lasts: a first run must come to the last stage
 */
export async function runAndKill(folder: string, instant: Instant, pace: Pace): Promise<Aftermath> {
  const mark = `EVERYLEAF_TEST_MARK=${randomUUID()}`;
  const [name = '', value = ''] = mark.split('=');
  const temporary = join(folder, 'tmp');
  const runFolder = join(folder, 'run');
  mkdirSync(temporary, { recursive: true });
  const before = new Set(traces());
  const child = spawn(
    process.execPath,
    [
      join(PACKAGE_ROOT, 'dist/lib/cli/main.js'),
      'run',
      '--mode',
      'balance-tcp',
      '--controls',
      'none',
      '--workers',
      String(instant.workers),
      '--out',
      runFolder,
    ],
    {
      cwd: PACKAGE_ROOT,
      // A folder for temporary files of its own, to see what stays in it. The runner's cache of compiled scenarios is
      // meant to stay, and would be cold there.
      env: {
        ...process.env,
        [name]: value,
        TMPDIR: temporary,
        PLAYWRIGHT_TRANSFORM_CACHE_DIR: join(tmpdir(), `playwright-transform-cache-${process.getuid?.() ?? ''}`),
      },
      stdio: 'ignore',
      detached: true,
    },
  );
  const pid = child.pid ?? 0;
  const over = () => child.exitCode !== null || child.signalCode !== null;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await comeTo(instant.stage, (stage) => HAS_COME[stage](pid, runFolder), over, pace);
  if (!over()) await Promise.race([wait(instant.share * lifeOf(instant.stage, pace)), ended]);
  const doomed = over() ? [] : processesOf(mark);
  const victim = over() ? null : instant.victim === 'command' ? pid : descendant(pid, isRunner);
  // Its runner may not be there yet, or no longer; then the command is all that there is to kill.
  if (!over()) process.kill(victim ?? pid, 'SIGKILL');
  await ended;
  const alive = await vanished(doomed, mark);
  return {
    killed: doomed.length > 0,
    processes: doomed.length,
    networks: new Set(doomed.map((one) => one.network).filter((network) => network !== '')).size,
    left: leftOf(alive, before, temporary),
  };
}
