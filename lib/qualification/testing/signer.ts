import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const PRINCIPAL = 'release@example.net';

/** Makes a key in a folder, and a file of signers that allows it. */
export function makeSigner(
  folder: string,
  name: string,
  options = 'namespaces="everyleaf-qualification"',
): { readonly key: string; readonly signers: string } {
  const key = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key]);
  const signers = join(folder, `${name}.signers`);
  writeFileSync(signers, `${PRINCIPAL} ${options} ${readFileSync(`${key}.pub`, 'utf8')}`);
  return { key, signers };
}
