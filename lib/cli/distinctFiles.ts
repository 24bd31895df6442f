import { statSync } from 'node:fs';
import type { Selection } from '../judge/captures/selection.js';
import { UserError } from '../userError.js';

/**
 * Device and inode of a file that is there, whatever names lead to it; null where there is none, or it is no plain
 * file. Throws UserError.
 */
function identityOf(path: string): string | null {
  try {
    const info = statSync(path, { throwIfNoEntry: false });
    return info?.isFile() === true ? `${info.dev} ${info.ino}` : null;
  } catch (error) {
    throw new UserError(
      `${path} cannot be looked at: ${error instanceof Error ? error.message : String(error)}`,
      'name another file',
    );
  }
}

/** What tells a capture from others. */
export interface Given {
  readonly file: string;
  readonly files?: readonly string[];
  readonly selection?: Selection;
}

/**
 * One capture given for two leaves would seem to show that both saw the same frames, and an output written over a
 * capture would destroy the evidence. Throws UserError.
 * @param captures paths, or `-`, and which part of each
 * @param outputs files that will be written
 */
export function requireDistinctFiles(captures: readonly Given[], outputs: readonly string[]): void {
  const seen = new Map<string, string>();
  const parts = new Set<string>();
  for (const { path, selection } of captures.flatMap(({ file, files = [file], selection: part }) =>
    files.map((path) => ({ path, selection: part })),
  )) {
    const identity = path === '-' ? null : identityOf(path);
    if (identity === null) continue;
    const other = seen.get(identity);
    const part = `${identity} ${JSON.stringify(selection)}`;
    // Each leaf may have its own part of one file.
    if (other !== undefined && (parts.has(part) || selection === undefined || parts.has(`${identity} undefined`)))
      throw new UserError(
        other === path ? `${path} is given twice` : `${other} and ${path} are the same file`,
        'give one capture per leaf, each taken on that leaf',
      );
    seen.set(identity, path);
    parts.add(part);
  }
  const written = new Set<string>();
  for (const path of outputs) {
    const identity = identityOf(path);
    if (identity !== null && seen.has(identity))
      throw new UserError(`${path} is one of the captures and would be overwritten`, 'name another file');
    if (written.has(path)) throw new UserError(`${path} cannot be written twice`, 'name one file for each output');
    written.add(path);
  }
}
