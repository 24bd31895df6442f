import { BundleError } from './error.js';

/** Bytes; ext4 and most others have no longer names. */
const NAME_MAX = 255;
/** Bytes; with the folder into which it is unpacked it stays below PATH_MAX of Linux, 4096. */
const PATH_MAX = 1_024;

/**
 * What a name in a bundle is shown as, where it may hold anything: JSON alone leaves U+0080 to U+009F, which terminals
 * obey, too.
 */
export function shown(path: string): string {
  return JSON.stringify(path.length > 80 ? `${path.slice(0, 80)}...` : path).replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Why a path may not stand in a bundle; null where it may. Relative, `/` between names, printable ASCII only. */
export function pathProblem(path: string): string | null {
  if (path === '') return 'it is empty';
  if (path.length > PATH_MAX) return `it is longer than ${PATH_MAX} bytes`;
  // Nothing that a terminal, a shell, sha256sum or another file system reads otherwise than it is written.
  if (!/^[\x20-\x7e]+$/.test(path)) return 'it holds something else than printable ASCII';
  if (/[\\"<>|?*]/.test(path)) return 'it holds a character that some file systems forbid';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'it is absolute';
  for (const name of path.split('/')) {
    if (name === '') return 'it has an empty name';
    if (name === '.' || name === '..') return 'it leads out of its folder';
    // Libraries keep files in objects, where this is no name.
    if (name === '__proto__') return 'it holds a name that programs stumble over';
    if (name.length > NAME_MAX) return `a name in it is longer than ${NAME_MAX} bytes`;
    if (name.startsWith(' ') || name.endsWith(' ') || name.endsWith('.'))
      return 'a name in it begins or ends unclearly';
  }
  return null;
}

/** Sorted by their bytes, as `LC_ALL=C sort` does. */
export function sortedPaths(paths: Iterable<string>): readonly string[] {
  return [...paths].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/**
 * Throws BundleError where a path may not stand in a bundle, where two differ in capitals only, or where one is both a
 * file and a folder: such a bundle is another one on another file system.
 */
export function requirePaths(paths: Iterable<string>): void {
  const files = new Map<string, string>();
  const folders = new Map<string, string>();
  for (const path of paths) {
    const problem = pathProblem(path);
    if (problem !== null) throw new BundleError(`the path ${shown(path)} may not be in a bundle: ${problem}`);
    const folded = path.toLowerCase();
    const same = files.get(folded);
    if (same !== undefined)
      throw new BundleError(`${shown(path)} and ${shown(same)} are the same name on some systems`);
    files.set(folded, path);
    const names = folded.split('/');
    for (let i = 1; i < names.length; i++) folders.set(names.slice(0, i).join('/'), path);
  }
  for (const [folded, path] of files)
    if (folders.has(folded)) throw new BundleError(`${shown(path)} is a file and a folder`);
}
