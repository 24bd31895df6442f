import { runProgram } from '../../runProgram.js';
import { UserError } from '../../userError.js';

/** EX_UNAVAILABLE: this machine lacks something, or refuses it. */
const UNAVAILABLE = 69;

/**
 * Runs a program of this machine that must succeed.
 *
 * @returns what it printed
 * @throws UserError with what it complained of.
 */
export async function must(file: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(file, args);
  if (code !== 0) throw new UserError(`"${[file, ...args].join(' ')}" fails: ${stderr.trim()}`, null, UNAVAILABLE);
  return stdout;
}

/** Makes a key pair without a passphrase; the public key is in FILE.pub. */
export async function makeKey(file: string, type = 'ed25519'): Promise<string> {
  await must('ssh-keygen', '-q', '-t', type, '-N', '', '-C', 'everyleaf', '-f', file);
  return file;
}
