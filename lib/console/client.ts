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
import type { KeeperMethods, ProcessIdentity } from './protocol.js';

/** The keeper of this user's standing lab. */
export interface KeeperClient extends Disposable {
  call<M extends keyof KeeperMethods>(
    method: M,
    params: KeeperMethods[M]['params'],
  ): Promise<KeeperMethods[M]['result']>;
}

/** Why there is none to talk to. */
export type NoKeeper = 'none' | 'remains cleared' | 'starting';

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

/** Finds the keeper, or says why there is none; what a killed one left is cleared away. */
export async function findKeeper(folder: StandingFolder = standingFolder()): Promise<KeeperClient | NoKeeper> {
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
    async call<M extends keyof KeeperMethods>(method: M, params: KeeperMethods[M]['params']) {
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
        return await Promise.race([connection.sendRequest<KeeperMethods[M]['result']>(method, params), gone, late]);
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

const MISSING: Readonly<Record<NoKeeper, string>> = {
  none: 'no lab stands',
  'remains cleared': 'no lab stands: the last one was killed, and what it left has been cleared away',
  starting: 'a lab is just coming up, or just going',
};

/** As `findKeeper`, for commands that need a lab. Throws UserError when none stands. */
export async function needKeeper(): Promise<KeeperClient> {
  const found = await findKeeper();
  if (typeof found !== 'string') return found;
  throw new UserError(MISSING[found], found === 'starting' ? 'try again in a moment' : '"everyleaf up" brings one up');
}

export type TakenDown = 'down' | 'killed' | Exclude<NoKeeper, 'starting'>;

/** Takes the standing lab down, by force when its keeper does not answer, and resolves when it is gone. */
export async function takeDown(folder: StandingFolder = standingFolder()): Promise<TakenDown> {
  const found = await findKeeper(folder);
  if (found === 'none' || found === 'remains cleared') return found;
  const keeper = await livingKeeper(folder);
  // It went by itself between the two looks.
  if (keeper === null) return 'down';
  const over = (how: string) =>
    until(`the keeper (process ${keeper.pid}) to end ${how}`, DURATIONS.standingAnswer, () =>
      Promise.resolve(isAlive(keeper) ? null : true),
    );
  if (found === 'starting') {
    process.kill(keeper.pid, 'SIGTERM');
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
    if (isAlive(keeper)) process.kill(keeper.pid, 'SIGKILL');
    await over('after SIGKILL');
    await clearAway(folder);
    return 'killed';
  }
}

/**
 * Who holds the lock, as soon as it has said so; null when nobody holds it any more. A file that a killed keeper left
 * names nobody living.
 */
async function livingKeeper(folder: StandingFolder): Promise<ProcessIdentity | null> {
  const { keeper } = await until(
    'the keeper to say who it is',
    DURATIONS.standingAnswer,
    async () => {
      const named = keeperIn(folder);
      if (named !== null && isAlive(named)) return { keeper: named };
      return (await clearAway(folder)) ? { keeper: null } : null;
    },
    () => 'a lock that is held',
    DURATIONS.standingRetry,
  );
  return keeper;
}

function keeperIn(folder: StandingFolder): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(folder.keeperFile, 'utf8')) as ProcessIdentity;
  } catch {
    return null; // not there yet, or only half of it
  }
}
