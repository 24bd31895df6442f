import { createHash } from 'node:crypto';
import type { Files } from './archive.js';
import { shown, sortedPaths } from './paths.js';

export const SUMS_FILE = 'SHA256SUMS';
export const SIGNATURE_FILE = 'SHA256SUMS.sig';

/** Hexadecimal, as sha256sum(1) prints it. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** `folderDigest` of a folder with these files, without reading it. */
export function filesDigest(files: Files): string {
  const lines = sortedPaths(files.keys()).map((path) => `${sha256(files.get(path) ?? new Uint8Array())}  ${path}\n`);
  return `sha256:${sha256(lines.join(''))}`;
}

/** What `sha256sum` prints of all files but the sums and their signature; sorted. */
export function sumsOf(files: Files): string {
  return sortedPaths(files.keys())
    .filter((path) => path !== SUMS_FILE && path !== SIGNATURE_FILE)
    .map((path) => `${sha256(files.get(path) ?? new Uint8Array())}  ${path}\n`)
    .join('');
}

function parsed(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
}

/**
 * What differs between the sums in a bundle and its files, a sentence each; empty where they are equal, byte for byte.
 */
export function sumsProblems(files: Files): readonly string[] {
  const kept = files.get(SUMS_FILE);
  if (kept === undefined) return [`${SUMS_FILE} is missing`];
  const due = sumsOf(files);
  if (Buffer.compare(kept, Buffer.from(due)) === 0) return [];
  const said = parsed(new TextDecoder().decode(kept));
  const found = parsed(due);
  const problems = [
    ...[...said].flatMap(([path, sum]) =>
      !found.has(path)
        ? [`${shown(path)} is missing`]
        : found.get(path) === sum
          ? []
          : [`${path} is not what was signed`],
    ),
    ...[...found.keys()].flatMap((path) => (said.has(path) ? [] : [`${path} was added`])),
  ];
  return problems.length > 0 ? problems : [`${SUMS_FILE} is not in its form`];
}
