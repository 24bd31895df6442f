import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { EVIDENCE_FOLDER } from '../../run/testRecord.js';
import { processesOf } from './marked.js';
import { leftOf, traces } from './traces.js';
import { lookUntil, vanished } from './vanished.js';

/**
 * How far a run has come, and how that is seen: a process below the command's with this in its command line, or
 * evidence in its folder.
 */
const STAGES = {
  command: null,
  runner: 'playwright/test/cli.js',
  worker: 'workerProcessEntry',
  agent: 'agent/main.js',
  evidence: null,
} as const;

export type Stage = keyof typeof STAGES;

/** When, and whom, SIGKILL hits. */
export interface Instant {
  /** The run has come so far, */
  readonly stage: Stage;
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

function hasEvidence(runFolder: string): boolean {
  try {
    return readdirSync(join(runFolder, EVIDENCE_FOLDER), { withFileTypes: true }).some((entry) => entry.isDirectory());
  } catch {
    return false; // not begun
  }
}

/** Process below `pid` with this text in its command line. */
function descendant(pid: number, text: string): number | null {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter((child) => child !== '')
      .map(Number);
    for (const child of children) {
      const found = readFileSync(`/proc/${child}/cmdline`, 'latin1').includes(text) ? child : descendant(child, text);
      if (found !== null) return found;
    }
  } catch {
    // it ended meanwhile
  }
  return null;
}

function hasCome(stage: Stage, pid: number, runFolder: string): boolean {
  if (stage === 'evidence') return hasEvidence(runFolder);
  const text = STAGES[stage];
  return text === null || descendant(pid, text) !== null;
}

/** Runs scenarios in `folder` and kills the run at the instant. */
export async function runAndKill(folder: string, instant: Instant): Promise<Aftermath> {
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
      '2',
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
  await lookUntil(() => over() || hasCome(instant.stage, pid, runFolder));
  await Promise.race([wait(instant.delayMs), ended]);
  const doomed = over() ? [] : processesOf(mark);
  const victim = over() ? null : instant.victim === 'command' ? pid : descendant(pid, STAGES.runner);
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
