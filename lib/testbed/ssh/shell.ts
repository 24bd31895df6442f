import { randomBytes } from 'node:crypto';
import type { ClientChannel } from 'ssh2';
import { shellCommand } from '../../shellQuote.js';
import { TestbedError } from '../error.js';
import type { FarMachine } from './machine.js';
import { FAR } from './timing.js';

export interface ShellResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A shell on a machine that runs one command after another: a session and a wrapper for each would take ten times as long. */
interface FarShell {
  /** Its number there. */
  readonly number: string;
  run(command: string): Promise<ShellResult>;
  close(): Promise<void>;
}

/** Collects text until a mark comes. */
function untilMark(mark: string) {
  let text = '';
  let wake: () => void = () => undefined;
  return {
    take(chunk: Buffer): void {
      text += chunk.toString('latin1');
      if (text.includes(mark)) wake();
    },
    wake: () => wake(),
    /** What came before the mark, and what stands behind it in its line; null when there is none yet. */
    next(): readonly [string, string] | null {
      const at = text.indexOf(mark);
      const end = text.indexOf('\n', at + mark.length);
      if (at < 0 || end < 0) return null;
      const found = [text.slice(0, at), text.slice(at + mark.length, end)] as const;
      text = text.slice(end + 1);
      return found;
    },
    sleep: () => new Promise<void>((resolve) => (wake = resolve)),
  };
}

const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');

async function openShell(machine: FarMachine, where: string, argv: readonly string[]): Promise<FarShell> {
  const mark = `\neveryleaf-${randomBytes(8).toString('hex')} `;
  const channel: ClientChannel = await machine.channel(argv);
  const [out, err] = [untilMark(mark), untilMark(mark)];
  let closed = false;
  channel.on('error', () => undefined);
  channel.on('data', (chunk: Buffer) => out.take(chunk));
  channel.stderr.on('data', (chunk: Buffer) => err.take(chunk));
  const gone = new Promise<void>((resolve) =>
    channel.once('close', () => {
      closed = true;
      for (const side of [out, err]) side.wake();
      resolve();
    }),
  );
  const next = async (side: typeof out): Promise<readonly [string, string]> => {
    for (;;) {
      const found = side.next();
      if (found !== null) return found;
      if (closed) throw machine.lost() ?? new TestbedError(`on ${where}: the shell that runs commands has ended`);
      await side.sleep();
    }
  };
  async function run(command: string): Promise<ShellResult> {
    // The line break before the mark is ours; a command's own stays.
    const said = mark.slice(1);
    channel.write(`${command}\nr=$?; printf '\\n%s%s\\n' '${said}' "$r"; printf '\\n%s\\n' '${said}' >&2\n`);
    const [[stdout, code], [stderr]] = await Promise.all([next(out), next(err)]);
    return { code: Number(code), stdout: utf8(stdout), stderr: utf8(stderr) };
  }
  return {
    number: (await run('echo $$')).stdout.trim(),
    run,
    async close() {
      channel.end();
      if (!closed) channel.close();
      await gone;
    },
  };
}

/** Bytes that a here-document carries unchanged: text that ends with a line break (POSIX XCU 2.7.4). */
function hereText(input: string | Uint8Array): string | null {
  const bytes = Buffer.from(input);
  const text = bytes.toString('utf8');
  const fits = bytes.length <= FAR.shellInput && text.endsWith('\n') && !text.includes('\0');
  return fits && Buffer.from(text).equals(bytes) ? text : null;
}

export interface ShellCommand {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input: string | Uint8Array | null;
  readonly timeoutMs: number;
}

/** The line that runs a command; null where its input cannot stand in it. */
function lineOf({ argv, env, input }: Omit<ShellCommand, 'timeoutMs'>): string | null {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const command = shellCommand(variables.length === 0 ? argv : ['env', ...variables, ...argv]);
  if (input === null || input.length === 0) return `(exec ${command}) </dev/null`;
  const text = hereText(input);
  if (text === null) return null;
  const end = `everyleaf-${randomBytes(8).toString('hex')}`;
  return `(exec ${command}) <<'${end}'\n${text}${end}`;
}

/** Shells of one node, as many as there are commands at a time, up to a number. */
export interface FarShells extends AsyncDisposable {
  /** null where the command cannot be run by a shell that others use. */
  run(command: ShellCommand): Promise<ShellResult> | null;
}

/** @param enter what stands in front of each command of the node */
export function openShells(machine: FarMachine, node: string, enter: readonly string[]): FarShells {
  const idle: FarShell[] = [];
  const all: FarShell[] = [];
  const waiting: (() => void)[] = [];
  let busy = 0;

  async function take(): Promise<FarShell> {
    const shell = idle.pop() ?? (await openShell(machine, node, [...enter, 'sh']));
    if (!all.includes(shell)) all.push(shell);
    return shell;
  }

  /** Ends what a shell runs, and the shell. */
  async function end(shell: FarShell): Promise<void> {
    const other = await take();
    await other.run(`kill -KILL $(cat /proc/${shell.number}/task/${shell.number}/children)`);
    idle.push(other);
    await shell.close();
  }

  async function runLine(line: string, what: string, timeoutMs: number): Promise<ShellResult> {
    while (busy >= FAR.shells) await new Promise<void>((resolve) => waiting.push(resolve));
    busy++;
    let timer: NodeJS.Timeout | undefined;
    try {
      const shell = await take();
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          // What does not end so ends with the lab, as everything in its namespaces.
          void end(shell).catch(() => undefined);
          reject(new TestbedError(`on ${node}: ${what} did not end within ${timeoutMs} ms`));
        }, timeoutMs + FAR.reach);
      });
      const result = await Promise.race([shell.run(line), late]);
      idle.push(shell);
      return result;
    } finally {
      clearTimeout(timer);
      busy--;
      waiting.shift()?.();
    }
  }

  return {
    run(command) {
      const line = lineOf(command);
      return line === null ? null : runLine(line, shellCommand(command.argv), command.timeoutMs);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((shell) => shell.close()));
      idle.length = 0;
      all.length = 0;
    },
  };
}
