import { constants } from 'node:os';
import type { ClientChannel } from 'ssh2';
import { patience } from '../lab/patience.js';
import { commandShown } from '../shellQuote.js';
import type { CommandResult } from '../testbed/node.js';
import type { SshConnection } from './connect.js';
import { SshError } from './error.js';
import { SSH_TIMING } from './timing.js';
import { sessionThatWaits } from './told.js';
import { GO, wrapped } from './wrapper.js';

export interface FarCommand {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The command's stdin, which then ends; empty without it. */
  readonly input?: string | Uint8Array;
  /** With the rights of root: by `sudo -n` where we are logged in as another user. */
  readonly asRoot?: boolean;
}

export interface StreamOptions extends FarCommand {
  /**
   * Takes stdout as it comes. While a promise that it returned is pending no more is read, and in the end the far
   * process waits, too.
   */
  readonly onBytes: (chunk: Uint8Array) => void | Promise<void>;
  /** Each line of stderr. */
  readonly onLine?: (line: string) => void;
}

export interface FarEnd {
  /** 128 and the number of the signal that ended it; null where the connection was lost. */
  readonly code: number | null;
  /** The signal that killed the shell around it, as `SIGKILL`: then what became of the process itself is not known. */
  readonly killedBy?: string;
  readonly lost: SshError | null;
}

/** A process on another machine that ends with us: at the latest when its lease ends. */
export interface FarProcess {
  /** Never rejects; resolves when all its output has been taken. */
  readonly ended: Promise<FarEnd>;
  /** Asks it to end (SIGTERM, and SIGKILL after 2 s), and waits. */
  stop(): Promise<FarEnd>;
}

/** Said on each call, where a machine does not know its own name; it is about nothing that we run. */
const SUDO_NOISE = /^sudo: unable to resolve host /;

/** A shell says so much and the number of the signal that ended a command (POSIX, 2.8.2). */
const SIGNALS = 128;
/** What the far end of a lease says so. */
const TERMINATED = SIGNALS + constants.signals.SIGTERM;

/** More than any command prints that is not streamed. */
const OUTPUT_MAX = 16 * 1024 * 1024;

function needsSudo({ machine }: SshConnection, asRoot: boolean): boolean {
  if (!asRoot || machine.user === 'root') return false;
  if (machine.sudo) return true;
  throw new SshError(
    machine.name,
    `this needs root, and ${machine.user} is not`,
    'say "sudo: true" for this machine if that user may use sudo without a password, or log in as root',
  );
}

/** Splits text into lines as it comes. */
function lineSplitter(onLine: (line: string) => void) {
  let rest = '';
  return {
    take(text: string): void {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(onLine);
    },
    end(): void {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}

/** Hands the bytes over one chunk at a time, and reads no more meanwhile. */
function deliver(channel: ClientChannel, onBytes: StreamOptions['onBytes']): void {
  channel.on('data', (chunk: Buffer) => {
    const busy = onBytes(chunk);
    if (busy === undefined) return;
    channel.pause();
    void busy.finally(() => channel.resume());
  });
}

/** Starts a process whose output is a stream. Throws SshError where it cannot be started. */
export async function stream(connection: SshConnection, options: StreamOptions): Promise<FarProcess> {
  const input = options.input === undefined ? Buffer.alloc(0) : Buffer.from(options.input);
  const sudo = needsSudo(connection, options.asRoot === true);
  let code: number | null = null;
  let killedBy: string | null = null;
  const channel = await sessionThatWaits(
    connection,
    wrapped({
      argv: options.argv,
      inputBytes: input.length,
      sudo,
      ...(options.env === undefined ? {} : { env: options.env }),
    }),
    commandShown(options.argv),
    (status, signal) => {
      code = status ?? SIGNALS + ((constants.signals as Partial<Record<string, number>>)[signal ?? ''] ?? 0);
      if (status === null) killedBy = signal ?? 'a signal';
    },
  );
  const lines = lineSplitter((line) => {
    if (!sudo || !SUDO_NOISE.test(line)) options.onLine?.(line);
  });
  // A write that comes after its end is of no interest: the end is told below.
  channel.on('error', () => undefined);
  channel.stderr.setEncoding('utf8').on('data', (text: string) => lines.take(text));
  deliver(channel, options.onBytes);
  const beat = setInterval(() => channel.writable && channel.write('\n'), SSH_TIMING.beat);
  const ended = new Promise<FarEnd>((resolve) => {
    channel.once('close', () => {
      clearInterval(beat);
      lines.end();
      void (code === null ? connection.lostSoon() : Promise.resolve(connection.lost())).then((lost) =>
        resolve({ code: lost === null ? code : null, lost, ...(killedBy === null ? {} : { killedBy }) }),
      );
    });
  });
  channel.write(GO);
  if (input.length > 0) channel.write(input);
  return {
    ended,
    stop() {
      clearInterval(beat);
      channel.end();
      return ended;
    },
  };
}

/**
 * Runs a command to its end. Throws SshError where it did not end by itself, in time, with a connection.
 *
 * @param usualMs limit on a machine that is as fast as most; a slow one has more
 */
export async function run(
  connection: SshConnection,
  command: FarCommand,
  usualMs: number,
): Promise<CommandResult & { readonly code: number }> {
  const timeoutMs = patience(connection, usualMs);
  const out: Uint8Array[] = [];
  let bytes = 0;
  const err: string[] = [];
  const failures: string[] = [];
  const giveUp = (reason: string): void => {
    failures.push(reason);
    void process.stop();
  };
  const process = await stream(connection, {
    ...command,
    onBytes(chunk) {
      bytes += chunk.length;
      if (bytes <= OUTPUT_MAX) out.push(chunk);
      else if (failures.length === 0) giveUp(`printed more than ${OUTPUT_MAX} bytes`);
    },
    onLine: (line) => void err.push(line),
  });
  const timer = setTimeout(() => giveUp(`did not end within ${timeoutMs} ms`), timeoutMs);
  const { code, lost, killedBy } = await process.ended;
  clearTimeout(timer);
  const said = commandShown(command.argv);
  if (lost !== null) throw lost;
  const [why] = failures;
  if (why !== undefined) throw new SshError(connection.machine.name, `${said} ${why}`);
  if (killedBy !== undefined)
    throw new SshError(connection.machine.name, `${said} was killed there, by ${killedBy} from somebody else`);
  if (code === null) throw new SshError(connection.machine.name, `${said} did not end: the connection was closed`);
  // Its output stands for nothing: without this it was told as what a whole command would have said by it.
  if (code === TERMINATED)
    throw new SshError(
      connection.machine.name,
      `${said} was ended there: it had not heard of us for ${SSH_TIMING.leaseSeconds} s, or somebody else ended it`,
      'see whether that machine has time for us: how long does a login take?',
    );
  return { code, signal: null, stdout: Buffer.concat(out).toString('utf8'), stderr: err.join('\n') };
}
