import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../packageRoot.js';

/** What `commit` says where there is none to be had: whether two runs had the same code is unknown then. */
export const UNKNOWN_COMMIT = 'unknown';

function sha256(content: Buffer | string): string {
  // Whole: a statement about a release names what it was made of by these.
  return createHash('sha256').update(content).digest('hex');
}

function git(folder: string, ...args: readonly string[]): string | null {
  const { stdout, status } = spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return status === 0 ? stdout : null;
}

/**
 * The commit of the working tree that holds a folder, and a digest of what differs from it. A file that git does not know
 * counts by its name.
 */
export function commitOf(folder: string): string {
  const commit = git(folder, 'rev-parse', 'HEAD')?.trim();
  const changes = git(folder, 'status', '--porcelain');
  const diff = git(folder, 'diff', 'HEAD');
  if (commit === undefined || changes === null || diff === null) return UNKNOWN_COMMIT;
  return changes === '' ? commit : `${commit} and changes ${sha256(changes + diff)}`;
}

function digestOf(file: string): string {
  try {
    return `sha256 ${sha256(readFileSync(file))}`;
  } catch {
    return 'not readable';
  }
}

/**
 * What a run depends on besides its machine: its code, and the files that it was given.
 * @param folder where the scenarios are run
 * @param files what they are called, and their paths; undefined and null = none is used
 */
export function inputFacts(
  folder: string,
  files: Readonly<Record<string, string | null | undefined>>,
): Readonly<Record<string, string>> {
  const manifest = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { readonly version: string };
  const digests = Object.entries(files).flatMap(([name, file]): [string, string][] =>
    file === null || file === undefined ? [] : [[name, digestOf(file)]],
  );
  return { commit: commitOf(folder), everyleaf: manifest.version, ...Object.fromEntries(digests) };
}
