import { runProgram } from '../runProgram.js';
import { UserError } from '../userError.js';
import { UNAVAILABLE } from './command.js';

const QEMU = 'qemu-system-x86_64';

/** A QEMU that can be run here. */
export interface Qemu {
  /** What it says of itself: `QEMU emulator version 7.2.22 (Debian ...)`. */
  readonly version: string;
  readonly program: string;
  /** Before all other options. */
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What a QEMU says of itself; null where it does not run. */
export async function versionOf({ program, env }: Pick<Qemu, 'program' | 'env'>): Promise<string | null> {
  const { code, stdout } = await runProgram(program, ['--version'], { env: { ...process.env, ...env } });
  return code === 0 ? (stdout.split('\n')[0] ?? '') : null;
}

/** The machine's own. Throws UserError with the package to install. */
export async function ownQemu(): Promise<Qemu> {
  const own = { program: QEMU, options: [], env: {} };
  const version = await versionOf(own);
  if (version !== null) return { ...own, version };
  throw new UserError('there is no QEMU on this machine', 'apt-get install qemu-system-x86', UNAVAILABLE);
}
