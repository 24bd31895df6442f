import { StringDecoder } from 'node:string_decoder';
import { constants } from 'node:os';
import { realtimeNs } from '../../agent/sys.js';
import { keepLines } from '../lines.js';
import type { CommandResult, Process, ProcessEnd, SpawnOptions } from '../node.js';
import type { FarMachine } from './machine.js';
import { FAR_TIMING } from './timing.js';

/** The first line of stderr says the process's number. */
const NUMBER = /^everyleaf-process (\d+)$/;

/**
 * Says its number and becomes the command. $1: a name that nothing else has, for a pipe that it holds open at both ends
 * (fifo(7)), so that its stdin stays open and silent; empty where it is to have its input.
 */
const BECOME = `
echo "everyleaf-process $$" >&2
f=$1; shift
[ -z "$f" ] || { mkfifo -m 600 "$f" && exec 0<>"$f" && rm -f "$f"; } || exit 125
exec "$@"
`.trim();

/** A shell says the signal that ended a process as 128 and its number (POSIX XCU 2.8.2). */
const SIGNALLED = 128;

/** How a process ended whose code a shell has said. */
export function endOf(code: number | null): Pick<CommandResult, 'code' | 'signal'> {
  const names = Object.entries(constants.signals);
  const signal = names.find(([, number]) => code === SIGNALLED + number)?.[0] ?? null;
  return { code: signal === null ? code : null, signal };
}

/** Splits bytes into lines. */
function lineReader(onLine: (line: string) => void) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    take(chunk: Uint8Array): void {
      const lines = (rest + decoder.write(Buffer.from(chunk))).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(onLine);
    },
    end(): void {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}

/** Where processes of a node are started. */
export interface FarPlace {
  readonly machine: FarMachine;
  /** What stands in front of each command. */
  readonly enter: readonly string[];
  /** A path that begins with this is the node's. */
  readonly scratch: string;
  readonly nextId: () => number;
  /** Sends a signal to a process there, by the number that it has there; one that has ended is no error. */
  readonly signalTo: (signal: string, number: string) => Promise<unknown>;
}

/** Starts a process, which ends with us at the latest when its lease is over. */
export async function startFar(
  { machine, enter, scratch, nextId, signalTo }: FarPlace,
  argv: readonly string[],
  { env, input, onLine, onBytes }: SpawnOptions,
): Promise<Process> {
  const lines = keepLines();
  const take = (line: string): void => {
    onLine?.(line);
    lines.take(line);
  };
  let number: string | null = null;
  const stdout = lineReader(take);
  const pipe = input === undefined ? `${scratch}/stdin-${nextId()}` : '';
  const far = await machine.start({
    argv: [...enter, 'sh', '-c', BECOME, 'everyleaf', pipe, ...argv],
    asRoot: true,
    ...(env === undefined ? {} : { env }),
    ...(input === undefined ? {} : { input }),
    onBytes: (chunk) => (onBytes ?? stdout.take)(chunk),
    onLine(line) {
      const said = number === null ? NUMBER.exec(line)?.[1] : undefined;
      if (said === undefined) take(line);
      else number = said;
    },
  });
  let end: ProcessEnd | null = null;
  const ended = far.ended.then(({ code, lost }): ProcessEnd => {
    stdout.end();
    if (lost !== null) take(lost.message);
    end = { ...endOf(code), atNs: String(realtimeNs()), lastOutput: lines.said().join('\n') };
    lines.end();
    return end;
  });
  const kill = async (signal: string): Promise<void> => {
    // It may have ended meanwhile.
    if (number !== null) await signalTo(signal.replace(/^SIG/, ''), number);
  };
  return {
    ended,
    hasEnded: () => end,
    line: (pattern, timeoutMs) => lines.line(pattern, timeoutMs),
    async stop(signal = 'SIGTERM', patienceMs = FAR_TIMING.processStop) {
      if (end !== null) return end;
      await kill(signal);
      // The end of its stdin has the far side end it, and its children, where no signal comes through.
      const timer = setTimeout(() => void kill('SIGKILL').finally(() => far.stop()), patienceMs);
      return ended.finally(() => clearTimeout(timer));
    },
  };
}
