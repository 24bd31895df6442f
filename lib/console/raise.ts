import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../durations.js';
import { programFile } from '../freshBundle.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { UserError } from '../userError.js';
import { makeStandingFolder, standingFolder } from './folder.js';
import { isMoved, LOCK_TAKEN, lockedCommand } from './lock.js';
import { errorOf } from './problem.js';
import { STAY, type LabDaemonNews, type LabDaemonOrder, type StandingStatus } from './protocol.js';

const LAB_DAEMON = 'dist/lib/console/labDaemon.js';
const TRIES = 20;

/** A lab that came up; it ends with this process until it is released. */
export interface Raised {
  readonly status: StandingStatus;
  /** From now on it stands on its own. */
  letGo(): Promise<void>;
  /** Takes it down and waits for its end. */
  takeBack(): Promise<void>;
  /** Resolves when it has ended, whatever ended it. */
  readonly ended: Promise<void>;
}

/**
 * Starts a lab daemon and waits until its lab is ready.
 *
 * @throws UserError when one stands already, or it does not come up.
 */
export async function raiseLab(order: LabDaemonOrder, abort: AbortSignal): Promise<Raised> {
  for (let tries = 1; ; tries++) {
    const raised = await tryRaise(order, abort);
    if (raised !== 'moved') return raised;
    if (tries === TRIES)
      throw new UserError(
        'the folder of the standing lab keeps going away',
        `look who removes ${standingFolder().path}`,
        69,
      );
    await wait(DURATIONS.standingRetry);
  }
}

async function tryRaise(order: LabDaemonOrder, abort: AbortSignal): Promise<Raised | 'moved'> {
  const folder = standingFolder();
  makeStandingFolder(folder);
  // A config imports what the compiler wrote of everyleaf: see lib/cli/main.ts.
  const daemon = order.configFile === null ? programFile('labDaemon', LAB_DAEMON) : join(PACKAGE_ROOT, LAB_DAEMON);
  const [file, ...args] = lockedCommand(folder, [process.execPath, daemon, JSON.stringify(order)]);
  // Its own session: neither signals nor the end of this terminal reach the lab daemon.
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], detached: true });
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4096)));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      complaints += error.message;
      resolve();
    });
  });
  const takeBack = async () => {
    if (child.connected) child.disconnect();
    await ended;
  };
  const onAbort = () => void takeBack();
  abort.addEventListener('abort', onAbort);
  // It may have come between two tries.
  if (abort.aborted) onAbort();
  try {
    const news = await Promise.race([
      new Promise<LabDaemonNews>((resolve) => child.once('message', (message) => resolve(message as LabDaemonNews))),
      ended,
    ]);
    if (news === undefined) {
      if (abort.aborted) throw new UserError('interrupted; what was begun has been taken back', null, 130);
      if (isMoved(child.exitCode)) return 'moved';
      if (child.exitCode === LOCK_TAKEN)
        throw new UserError('a lab stands already', '"everyleaf down" takes it down; "everyleaf shell NODE" enters it');
      throw new UserError(
        `the lab did not come up: ${complaints.trim() || `its daemon ended with code ${String(child.exitCode)}`}`,
        '"everyleaf doctor" tries what a lab needs of this machine',
        69,
      );
    }
    if (news.type === 'failed') {
      await ended;
      throw errorOf(news.problem, 'the lab did not come up');
    }
    return {
      status: news.status,
      ended,
      takeBack,
      async letGo() {
        await new Promise<void>((resolve, reject) =>
          child.send(STAY, (error) => (error === null ? resolve() : reject(error))),
        );
        child.disconnect();
        child.stderr?.destroy();
        child.unref();
      },
    };
  } finally {
    abort.removeEventListener('abort', onAbort);
  }
}
