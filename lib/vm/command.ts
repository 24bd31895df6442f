import { runProgram, type ProgramResult } from '../runProgram.js';
import { UserError } from '../userError.js';

/** EX_UNAVAILABLE of sysexits.h: something that is needed is not there. */
export const UNAVAILABLE = 69;

/** A cold machine fetches some 150 MB; a mirror that is slower than that is as good as none. */
const LONGEST_MS = 900_000;

/**
 * As root a build mounts things into the root that it makes. In namespaces of their own all its processes end with the
 * first one, and no mount is left that the next build would find in its way.
 */
const CAGE = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--'];

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What to do when it fails. */
  readonly hint?: string;
}

/**
 * Runs one program of a build, which dies when we do: a build that was killed must not go on in a folder that the next
 * one clears. Throws UserError with the program's last words.
 *
 * @param purpose what it is for: "fetch the kernel"
 */
export async function buildCommand(
  purpose: string,
  argv: readonly string[],
  { cwd, env, hint }: CommandOptions = {},
): Promise<string> {
  const result = await runProgram(
    'setpriv',
    ['--pdeathsig', 'KILL', '--', ...(process.getuid?.() === 0 ? CAGE : []), ...argv],
    {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, LC_ALL: 'C', ...env },
      timeout: LONGEST_MS,
    },
  );
  if (result.code === 0) return result.stdout;
  throw new UserError(`cannot ${purpose}: ${lastWords(argv, result)}`, hint ?? null, UNAVAILABLE);
}

/** The line that says why: the last one of stderr. */
export function lastWords([file = '']: readonly string[], { code, stderr }: ProgramResult): string {
  const lines = stderr.trim().split('\n');
  const reason = lines.findLast((line) => /no space left|error|^E:/i.test(line)) ?? lines.at(-1) ?? '';
  return `"${file}" ended with ${code === null ? 'a signal' : `code ${code}`}: ${reason === '' ? 'no word from it' : reason}`;
}
