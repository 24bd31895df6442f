import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import {
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node.js';
import { DURATIONS } from '../durations.js';
import { UserError } from '../userError.js';
import { until } from '../until.js';
import { checkStandingFolder, standingFolder, type StandingFolder } from './folder.js';
import { isAlive } from './identity.js';
import { clearAway } from './lock.js';
import { errorOf } from './problem.js';
import type { LabDaemonMethods, ProcessIdentity } from './protocol.js';

/** The lab daemon of this user's standing lab. */
export interface LabDaemonClient extends Disposable {
  call<M extends keyof LabDaemonMethods>(
    method: M,
    params: LabDaemonMethods[M]['params'],
  ): Promise<LabDaemonMethods[M]['result']>;
}

/** Why no lab daemon can be asked. */
export type NoLabDaemon = 'none' | 'remains cleared' | 'starting';

function connect(path: string): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(null);
      else reject(error);
    });
  });
}

/** Finds the lab daemon, or says why there is none; what a killed one left is cleared away. */
export async function findDaemon(folder: StandingFolder = standingFolder()): Promise<LabDaemonClient | NoLabDaemon> {
  if (!checkStandingFolder(folder)) return 'none';
  const socket = await connect(folder.socket);
  if (socket === null) return (await clearAway(folder)) ? 'remains cleared' : 'starting';
  const connection = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
  connection.onError(() => undefined);
  const gone = new Promise<never>((_, reject) => {
    socket.once('close', () =>
      reject(new UserError('the lab ended before it answered', '"everyleaf up" brings up another', 69)),
    );
  });
  gone.catch(() => undefined); // calls that race against it report it
  connection.listen();
  return {
    async call<M extends keyof LabDaemonMethods>(method: M, params: LabDaemonMethods[M]['params']) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () =>
            reject(
              new UserError(
                `the lab did not answer within ${DURATIONS.standingAnswer / 1000} s`,
                '"everyleaf down" takes it down all the same',
                69,
              ),
            ),
          DURATIONS.standingAnswer,
        );
      });
      try {
        return await Promise.race([connection.sendRequest<LabDaemonMethods[M]['result']>(method, params), gone, late]);
      } catch (error) {
        throw error instanceof ResponseError ? errorOf(error.data, error.message) : error;
      } finally {
        clearTimeout(timer);
      }
    },
    [Symbol.dispose]() {
      connection.dispose();
      socket.destroy();
    },
  };
}

const MISSING: Readonly<Record<NoLabDaemon, string>> = {
  none: 'no lab stands',
  'remains cleared': 'no lab stands: the last one was killed, and what it left has been cleared away',
  starting: 'a lab is just coming up, or just going',
};

/** Like `findDaemon`, for commands that need a lab. Throws UserError when none stands. */
export async function needLabDaemon(): Promise<LabDaemonClient> {
  const found = await findDaemon();
  if (typeof found !== 'string') return found;
  throw new UserError(MISSING[found], found === 'starting' ? 'try again in a moment' : '"everyleaf up" brings one up');
}

export type TakenDown = 'down' | 'killed' | Exclude<NoLabDaemon, 'starting'>;

/** Takes the standing lab down, by force when its lab daemon does not answer, and resolves when it is gone. */
export async function takeDown(folder: StandingFolder = standingFolder()): Promise<TakenDown> {
  const found = await findDaemon(folder);
  if (found === 'none' || found === 'remains cleared') return found;
  const daemon = await livingDaemon(folder);
  // It went by itself between the two looks.
  if (daemon === null) return 'down';
  const over = (how: string) =>
    until(`the lab daemon (process ${daemon.pid}) to end ${how}`, DURATIONS.standingAnswer, () =>
      Promise.resolve(isAlive(daemon) ? null : true),
    );
  if (found === 'starting') {
    process.kill(daemon.pid, 'SIGTERM');
    await over('after SIGTERM');
    return 'down';
  }
  try {
    {
      using client = found;
      await client.call('close', {});
    }
    await over('by itself');
    return 'down';
  } catch {
    if (isAlive(daemon)) process.kill(daemon.pid, 'SIGKILL');
    await over('after SIGKILL');
    await clearAway(folder);
    return 'killed';
  }
}

/**
 * The holder of the lock, as soon as its file names it; null when nothing holds the lock any more. A file that a killed
 * lab daemon left names no living process.
 */
async function livingDaemon(folder: StandingFolder): Promise<ProcessIdentity | null> {
  const { daemon } = await until(
    'the lab daemon to say who it is',
    DURATIONS.standingAnswer,
    async () => {
      const named = daemonIn(folder);
      if (named !== null && isAlive(named)) return { daemon: named };
      return (await clearAway(folder)) ? { daemon: null } : null;
    },
    () => 'a lock that is held',
    DURATIONS.standingRetry,
  );
  return daemon;
}

function daemonIn(folder: StandingFolder): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(folder.daemonFile, 'utf8')) as ProcessIdentity;
  } catch {
    return null; // not there yet, or only half of it
  }
}
