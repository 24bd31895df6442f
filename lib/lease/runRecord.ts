import { appendFileSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { makeStateFolder } from './stateFolder.js';

/** A process, by what no later one can have: a number is used again, a number and an instant are not. */
const processSchema = z.strictObject({
  pid: z.int().positive(),
  /** Since the boot, in clock ticks (proc_pid_stat(5), field 22). */
  start: z.string().regex(/^\d{1,20}$/),
});

const headSchema = z.strictObject({
  token: z.string().regex(/^[0-9a-f]{32}$/),
  holder: z.strictObject({ who: z.string(), where: z.string(), run: z.string(), since: z.string() }),
  /** Numbers of processes mean something in one namespace of one boot of one machine. */
  boot: z.string().min(1).max(100),
  pidNamespace: z.string().min(1).max(100),
});

export type RecordedProcess = z.output<typeof processSchema>;

/** A run that has a lease: which processes may touch the machines by it. */
export interface RunRecord extends z.output<typeof headSchema> {
  readonly processes: readonly RecordedProcess[];
}

const fileIn = (folder: string): string => join(folder, 'run.jsonl');

/**
 * When that process was started; null where there is none. One that has ended and that nobody has waited for is none,
 * unless threads of it still run.
 */
export function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program is in parentheses, and may have any characters.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = ''] = fields;
    const hasThreads = readdirSync(`/proc/${pid}/task`).length > 1;
    return 'ZX'.includes(state) && !hasThreads ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

const here = () => ({
  boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  pidNamespace: readlinkSync('/proc/self/ns/pid'),
});

const ourLine = (): string => `${JSON.stringify({ pid: process.pid, start: startOf(process.pid) ?? '0' })}\n`;

/** To be called as soon as a run has its lease: who else, on this machine, could prove that the run is dead. */
export function keepRun(folder: string, { token, holder }: Pick<RunRecord, 'token' | 'holder'>): void {
  makeStateFolder(folder);
  const file = fileIn(folder);
  writeFileSync(`${file}.new`, `${JSON.stringify({ token, holder, ...here() })}\n${ourLine()}`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** To be called by each other process of the run, before it touches a machine. Does nothing for a lease taken by hand. */
export function joinRun(folder: string, token: string): void {
  if (readRun(folder)?.token === token) appendFileSync(fileIn(folder), ourLine());
}

/** The run has given its lease back. */
export function forgetRun(folder: string, token: string): void {
  if (readRun(folder)?.token === token) rmSync(fileIn(folder), { force: true });
}

/** The run that took the lease last, and has not given it back; null where there is none, or it cannot be read whole. */
export function readRun(folder: string): RunRecord | null {
  try {
    const [head = '', ...lines] = readFileSync(fileIn(folder), 'utf8').split('\n');
    // Whoever was about to write itself down there may live.
    if (lines.pop() !== '') return null;
    const processes = lines.map((line) => processSchema.parse(JSON.parse(line)));
    return { ...headSchema.parse(JSON.parse(head)), processes };
  } catch {
    return null;
  }
}

/**
 * Whether all processes of a run are certainly gone. On another machine, in another container, or after a restart nobody
 * can say so: then its lease runs out by itself.
 */
export function isDead({ boot, pidNamespace, processes }: RunRecord): boolean {
  const now = here();
  if (boot !== now.boot || pidNamespace !== now.pidNamespace || processes.length === 0) return false;
  return processes.every(({ pid, start }) => startOf(pid) !== start);
}
