import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stableJson } from '../evidence/json.js';
import { filesBelow } from '../evidence/digest.js';
import { EVIDENCE_FOLDER } from '../run/testRecord.js';
import { ARCHIVE_BYTES_MAX, readArchive, type Files } from './archive.js';
import { derive, REQUIREMENTS_FILE, runFolder, WAIVERS_FILE, type Derived, type Given } from './derive.js';
import { BundleError } from './error.js';
import { requirePaths, shown } from './paths.js';
import { sign } from './signature.js';
import { BASELINE_FILE, RELEASE_FILE } from './names.js';
import { parseBaseline } from './release.js';
import { sha256, SIGNATURE_FILE, SUMS_FILE, sumsOf, sumsProblems } from './sums.js';
import type { Said } from './statement.js';

/**
 * The files below a folder, each read once. Throws BundleError where one is a link or no regular file, where a folder is
 * empty, or where all are too large.
 */
export function readFolder(folder: string): Files {
  const files = new Map<string, Uint8Array>();
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isDirectory() && readdirSync(join(entry.parentPath, entry.name)).length === 0)
      throw new BundleError(`${join(entry.parentPath, entry.name)} is an empty folder, which a bundle cannot hold`);
  const paths = filesBelow(folder);
  requirePaths(paths);
  for (const path of paths) {
    const info = lstatSync(join(folder, path));
    if (!info.isFile()) throw new BundleError(`${shown(path)} is no regular file`);
    bytes += info.size;
    if (bytes > ARCHIVE_BYTES_MAX) throw new BundleError(`the files in ${folder} are too large for a bundle`);
    files.set(path, readFileSync(join(folder, path)));
  }
  return files;
}

/** A bundle: the zip, or the folder into which one was unpacked. Throws BundleError where it is neither. */
export function readBundle(path: string): Files {
  const info = lstatSync(path);
  if (info.isDirectory()) return readFolder(path);
  if (info.size > ARCHIVE_BYTES_MAX) throw new BundleError(`it has ${info.size} bytes, too many for a bundle`);
  return readArchive(readFileSync(path));
}

/**
 * All files of a new bundle, signed.
 * @param key see `sign`
 * @param root an empty folder for files while it is made
 */
export async function makeBundle(
  given: Given,
  key: string,
  root: string,
): Promise<{ readonly files: Files; readonly derived: Derived }> {
  const derived = await derive(given, root);
  const sums = Buffer.from(sumsOf(derived.files));
  const signature = await sign(sums, key, root);
  return { files: new Map([...derived.files, [SUMS_FILE, sums], [SIGNATURE_FILE, signature]]), derived };
}

/**
 * A bundle as the release before another one. Its files must be those that were signed; who signed is for `verify`.
 * Throws BundleError where it is none.
 */
export function baselineOf(files: Files): string {
  const [problem] = sumsProblems(files);
  if (problem !== undefined) throw new BundleError(problem);
  const [sums, release] = [files.get(SUMS_FILE), files.get(RELEASE_FILE)];
  if (sums === undefined || release === undefined) throw new BundleError(`${RELEASE_FILE} is missing`);
  let read: unknown;
  try {
    read = JSON.parse(new TextDecoder().decode(release));
  } catch {
    throw new BundleError(`${RELEASE_FILE} is not JSON`);
  }
  const text = stableJson({ sums: sha256(sums), release: read });
  parseBaseline(text);
  return text;
}

const EVIDENCE_PATH = new RegExp(`^runs/([1-9][0-9]{0,2})/${EVIDENCE_FOLDER}/(.+)$`);

/** What a bundle says that it is made of. Throws BundleError where a part is missing. */
export function givenIn(files: Files, said: Said): Given {
  const text = (name: string): string => {
    const content = files.get(name);
    if (content === undefined) throw new BundleError(`${name} is missing`);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    } catch {
      throw new BundleError(`${name} is not UTF-8 text`);
    }
  };
  const runs = new Map<string, Map<string, Uint8Array>>();
  for (const [path, content] of files) {
    const [, run = '', below = ''] = EVIDENCE_PATH.exec(path) ?? [];
    if (run === '') continue;
    const own = runs.get(run) ?? new Map<string, Uint8Array>();
    runs.set(run, own.set(below, content));
  }
  const ordered = Array.from({ length: runs.size }, (_, i) => {
    const run = runs.get(String(i + 1));
    if (run === undefined) throw new BundleError(`${runFolder(i)}/${EVIDENCE_FOLDER} is missing`);
    return run;
  });
  if (ordered.length === 0) throw new BundleError('it holds no evidence');
  return {
    said,
    requirements: text(REQUIREMENTS_FILE),
    waivers: text(WAIVERS_FILE),
    runs: ordered,
    baseline: files.has(BASELINE_FILE) ? text(BASELINE_FILE) : null,
  };
}
