import { readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { ClientChannel, ConnectConfig } from 'ssh2';
import { ExecRefused, SshError } from './error.js';
import { loginMethods } from './identity.js';
import { algorithmsFor, knownName, linesFor, parseKnownHosts, refusalOf, type KeyRefusal } from './knownHosts.js';
import { loadSsh2 } from './loadSsh2.js';
import { addressOf, type SshMachine } from './machine.js';
import { createQueue } from './queue.js';
import { SSH_TIMING } from './timing.js';

/**
 * Sessions at a time on one connection. OpenSSH allows 10 (MaxSessions of sshd_config(5)); a server that allows fewer
 * says so when one is opened.
 */
const SESSIONS = 8;

export type OnExit = (status: number | null, signal?: string) => void;

/** A machine that we are logged in to. */
export interface SshConnection extends AsyncDisposable {
  readonly machine: SshMachine;
  /** How many times slower than usual its login was, and at least 1: limits of commands grow with it (lib/lab/patience.ts). */
  readonly slowness: number;
  /**
   * Has the user's shell there run a command, as soon as fewer than the allowed sessions are open. It is asked for once:
   * throws ExecRefused where the server took the session and refused the command, of which the command may have begun.
   *
   * @param onExit is told how it ended: its code, or null and the signal that killed it. A short command on a busy
   *   machine may have ended before this resolves, and ssh2 says it once.
   */
  session(command: string, onExit?: OnExit): Promise<ClientChannel>;
  /** A stream to an address as that machine reaches it. */
  forward(host: string, port: number): Promise<Duplex>;
  /** Why the connection is gone; null while it is not, and when we closed it ourselves. */
  lost(): SshError | null;
  /** The same, for a channel that was closed without a reason: waits until the loss would have been told. */
  lostSoon(): Promise<SshError | null>;
}

/** What ssh2 adds to its errors. */
interface Ssh2Error extends Error {
  readonly level?: string;
  readonly code?: string;
  /** Why a channel was not opened (RFC 4254, 5.1); only there. */
  readonly reason?: number | string;
}

async function knownLines(files: readonly string[]) {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return files.flatMap((file, index) => parseKnownHosts(file, texts[index] ?? ''));
}

/** One error of a socket, of ssh2 or of the server, in words. */
function sayWhy(error: Ssh2Error, machine: SshMachine, refusal: KeyRefusal | null, told: readonly string[]): SshError {
  const where = addressOf(machine);
  const say = (what: string, hint: string | null = null) => new SshError(machine.name, `${where} ${what}`, hint);
  if (refusal !== null) return say(`was not logged in to: ${refusal.reason}`, refusal.hint);
  if (error.level === 'client-authentication')
    return say(
      `refused the login as ${machine.user}: tried ${told.join('; ') || 'nothing, as there is no key, no agent and no password'}`,
      `try: ssh -p ${machine.port} ${machine.user}@${machine.host} true`,
    );
  if (error.message === 'Keepalive timeout')
    return say(
      `has not answered for ${(SSH_TIMING.keepalive * SSH_TIMING.keepaliveTries) / 1000} s: the connection is lost`,
    );
  if (error.level === 'client-timeout')
    return say(`took the connection and did not finish the login within ${SSH_TIMING.login / 1000} s`);
  switch (error.code) {
    case 'ECONNREFUSED':
      return say('refuses the connection: no ssh server listens there');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return say('cannot be found: the name is not known here', 'give the address, or a HostName in ~/.ssh/config');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return say(`cannot be reached (${error.code})`);
    default:
      return say(`ended the connection: ${error.message}`);
  }
}

/** @param loginMs what the login took */
export function slownessOf(loginMs: number): number {
  return Math.min(SSH_TIMING.slowest, Math.max(1, loginMs / SSH_TIMING.usualLogin));
}

/** One login, over a socket of its own or through a stream of a jump host. */
async function login(machine: SshMachine, through: SshConnection | null): Promise<SshConnection> {
  const name = knownName(machine.keyAlias ?? machine.host, machine.keyAlias === null ? machine.port : 22);
  const about = linesFor(await knownLines(machine.knownHosts), name);
  const { methods, told } = await loginMethods(machine);
  const complaints: string[] = [];
  const queue = createQueue(SESSIONS);
  const { Client } = await loadSsh2();
  const client = new Client();
  let refusal: KeyRefusal | null = null;
  let gone: SshError | null = null;
  let closing = false;
  const verify = (key: Buffer): boolean => {
    refusal = refusalOf(about, name, machine.knownHosts, key);
    return refusal === null;
  };
  const config: ConnectConfig = {
    username: machine.user,
    hostVerifier: verify,
    algorithms: { serverHostKey: [...algorithmsFor(about)] },
    readyTimeout: SSH_TIMING.login,
    keepaliveInterval: SSH_TIMING.keepalive,
    keepaliveCountMax: SSH_TIMING.keepaliveTries,
    authHandler: [...methods],
    ...(through === null
      ? { host: machine.host, port: machine.port }
      : { sock: await through.forward(machine.host, machine.port) }),
  };
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  const loss = (error: Ssh2Error): void => {
    if (closing) return;
    gone ??= through?.lost() ?? sayWhy(error, machine, refusal, [...told, ...complaints]);
  };
  const begun = performance.now();
  await new Promise<void>((resolve, reject) => {
    client.on('error', (error: Ssh2Error) => {
      // An agent that does not answer is one way fewer to log in, and ssh2 goes on to the next.
      if (error.level === 'agent') {
        complaints.push(`the agent says: ${error.message}`);
        return;
      }
      loss(error);
      if (gone !== null) reject(gone);
      client.end();
    });
    client.once('ready', () => resolve());
    client.once('close', () => {
      // Behind a jump host that dies there is no error, only this.
      loss(new Error('it was closed from there'));
      if (gone !== null) reject(gone);
    });
    client.connect(config);
  });

  const slowness = slownessOf(performance.now() - begun);

  const open = (command: string, onExit: OnExit) =>
    new Promise<ClientChannel>((resolve, reject) => {
      if (gone !== null) reject(gone);
      else
        client.exec(command, (error, channel) => {
          if (error !== undefined) {
            reject(error);
            return;
          }
          // Now: the end may stand in the same packet as the beginning.
          channel.on('exit', onExit);
          resolve(channel);
        });
    });

  return {
    machine,
    slowness,
    lost: () => gone,
    async lostSoon() {
      const over = new AbortController();
      await Promise.race([
        closed,
        wait(SSH_TIMING.lossTold, undefined, { signal: over.signal }).catch(() => undefined),
      ]);
      over.abort();
      return gone;
    },
    async session(command, onExit = () => undefined) {
      for (;;) {
        const leave = await queue.enter();
        try {
          const channel = await open(command, onExit);
          channel.once('close', leave);
          return channel;
        } catch (error) {
          const notOpened = (error as Ssh2Error).reason !== undefined;
          // A session that was opened is never asked for again: the command may have begun.
          const mayFitLater = notOpened && gone === null && queue.busy() > 1;
          if (mayFitLater) queue.shrink();
          leave();
          if (mayFitLater) continue;
          if (error instanceof SshError) throw error;
          const { message } = error as Error;
          if (gone !== null) throw gone;
          if (notOpened) throw new SshError(machine.name, `no session could be opened: ${message}`);
          throw new ExecRefused(machine.name, command, message);
        }
      }
    },
    forward: (host, port) =>
      new Promise((resolve, reject) => {
        client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
          if (error === undefined) resolve(channel);
          else
            reject(
              gone ??
                new SshError(
                  machine.name,
                  `cannot reach ${host} port ${port} from there: ${error.message.replace(/^\(SSH\) Channel open failure: /, '')}`,
                ),
            );
        });
      }),
    async [Symbol.asyncDispose]() {
      closing = true;
      client.end();
      // A server that has gone never answers the end.
      if (gone !== null) client.destroy();
      await closed;
      await through?.[Symbol.asyncDispose]();
    },
  };
}

/**
 * Logs in to a machine, through its jump hosts, and verifies the key of each of them under its own name. Throws SshError
 * with the machine that was not reached.
 */
export async function connect(machine: SshMachine): Promise<SshConnection> {
  let through: SshConnection | null = null;
  try {
    for (const jump of machine.via) through = await login(jump, through);
    return await login(machine, through);
  } catch (error) {
    await through?.[Symbol.asyncDispose]();
    throw error;
  }
}
