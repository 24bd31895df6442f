import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type ProgramResult } from '../runProgram.js';
import { UserError } from '../userError.js';
import { SIGNATURE_FILE, SUMS_FILE } from './sums.js';

/** Namespace of the signature, see ssh-keygen(1): one that was made for something else does not count. */
export const NAMESPACE = 'everyleaf-qualification';

/** EX_UNAVAILABLE */
const UNAVAILABLE = 69;

/** What ssh-keygen said, without its prefix. */
function words({ stdout, stderr }: ProgramResult): string {
  const said = (stderr.trim() === '' ? stdout : stderr).trim();
  return said.split(/\r?\n/)[0] ?? 'nothing';
}

async function sshKeygen(args: readonly string[], input?: Uint8Array): Promise<ProgramResult> {
  const result = await runProgram('ssh-keygen', args, {}, input);
  if (result.code === null)
    throw new UserError(
      `ssh-keygen cannot be run: ${words(result)}`,
      'install the package openssh-client',
      UNAVAILABLE,
    );
  return result;
}

/**
 * Signs the sums of a bundle with an SSH key: a private key, or a public one whose private part an agent or a token
 * holds.
 * @param folder where files may be written for it
 * @throws UserError with ssh-keygen's own words where the key cannot sign
 */
export async function sign(sums: Uint8Array, key: string, folder: string): Promise<Uint8Array> {
  const file = join(folder, SUMS_FILE);
  const signature = `${file}.sig`;
  writeFileSync(file, sums);
  rmSync(signature, { force: true });
  const result = await sshKeygen(['-Y', 'sign', '-f', key, '-n', NAMESPACE, file]);
  if (result.code !== 0)
    throw new UserError(
      `${key} cannot sign: ${words(result)}`,
      'name an SSH private key with --sign, or a public one that an agent holds',
    );
  return readFileSync(signature);
}

/** A time as ssh-keygen takes it, in UTC. */
function verifyTime(at: Date): string {
  return `verify-time=${at.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`;
}

/** Who signed, or why nobody did that counts. */
export type Signer = { readonly principal: string } | { readonly problem: string };

/**
 * Checks the signature of a bundle's sums with ssh-keygen(1) alone.
 * @param signers file of allowed signers, the verifier's own
 * @param at when it was signed, as the signer says
 * @param wanted the only principal that counts; any in the file where it is left out
 * @param folder where files may be written for it
 * @throws UserError where ssh-keygen cannot be run
 */
export async function signerOf(
  { sums, signature }: { readonly sums: Uint8Array; readonly signature: Uint8Array },
  { signers, at, wanted, folder }: { signers: string; at: Date; wanted?: string; folder: string },
): Promise<Signer> {
  const file = join(folder, SIGNATURE_FILE);
  writeFileSync(file, signature);
  const time = ['-O', verifyTime(at)];
  const found = await sshKeygen(['-Y', 'find-principals', '-s', file, '-f', signers, ...time]);
  // A list of patterns stands for whom it names; what is no name cannot be asked for.
  const names = found.stdout
    .split(/[\n,]/)
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('!'));
  if (found.code !== 0 || names.length === 0)
    return { problem: `it is signed with a key that no line of ${signers} allows: ${words(found)}` };
  if (wanted !== undefined && !names.includes(wanted))
    return { problem: `it is signed by ${names.join(', ')}, not by ${wanted}` };
  let said = '';
  for (const principal of wanted === undefined ? names : [wanted]) {
    const checked = await sshKeygen(
      ['-Y', 'verify', '-f', signers, '-I', principal, '-n', NAMESPACE, '-s', file, ...time],
      sums,
    );
    if (checked.code === 0) return { principal };
    said = words(checked);
  }
  return { problem: `the signature does not hold: ${said}` };
}
