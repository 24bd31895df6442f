import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../userError.js';
import { firstStamp } from './firstStamp.js';

/** Most files of one capture: each is looked at beforehand. */
const MOST_FILES = 10_000;
const CAPTURE_NAME = /\.(?:pcap|pcapng|cap|dmp)\d*(?:\.(?:gz|zst|zstd|lz4))?$/i;
/** A file of evidence, by which a folder is known for another thing. */
const EVIDENCE = 'evidence.json';

export interface RotatedFiles {
  readonly files: readonly string[];
  /** Their names count: none is missing between them. */
  readonly areCounted: boolean;
}

/**
 * The files that stand for one capture, in the order in which they were written: `A,B,C`, or all captures in a folder.
 * Null where `text` is one file, or none that is there. Throws UserError where files are missing among them.
 */
export function rotatedFiles(text: string): RotatedFiles | null {
  const files = isFolder(text) ? inFolder(text) : !existsSync(text) && text.includes(',') ? text.split(',') : null;
  if (files === null) return null;
  if (files.length > MOST_FILES)
    throw new UserError(`${text} is ${files.length} files, more than ${MOST_FILES}`, 'judge a part of them');
  for (const file of files)
    if (!existsSync(file) || !statSync(file).isFile())
      throw new UserError(`${file} is no file`, 'name each file of the capture');
  // By the first stamps, where each file has one at hand; names are in order else, and where stamps are equal.
  const stamps = new Map(files.map((file) => [file, firstStamp(file)]));
  const isStamped = [...stamps.values()].every((stamp) => stamp !== null);
  const byName = [...files].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const byTime = isStamped ? byName.sort((a, b) => (stamps.get(a) ?? 0) - (stamps.get(b) ?? 0)) : byName;
  return { files: byTime, areCounted: requireUnbroken(byTime) };
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory() && !existsSync(join(path, EVIDENCE));
}

function inFolder(folder: string): readonly string[] {
  const files = readdirSync(folder)
    .filter((name) => CAPTURE_NAME.test(name))
    .map((name) => join(folder, name));
  if (files.length === 0)
    throw new UserError(
      `${folder} is a folder without evidence.json, and without captures`,
      'give a capture file, a folder of files that one program wrote one after the other, or the evidence folder of one experiment',
    );
  return files;
}

/** Numbers that tcpdump -C puts behind a name (none on the first) and dumpcap -b puts in front of a time. */
function numberOf(file: string): { readonly name: string; readonly number: number } | null {
  const name = basename(file).replace(/\.(?:gz|zst|zstd|lz4)$/i, '');
  const [, before = '', number = '', after = ''] =
    /^(.+)_(\d{5})_\d{14}(.*)$/.exec(name) ?? /^(.*\.[a-z]+)(\d*)()$/i.exec(name) ?? [];
  return before === '' ? null : { name: before + after, number: number === '' ? 0 : Number(number) };
}

/** Whether names count. Throws UserError where a number is missing. */
function requireUnbroken(files: readonly string[]): boolean {
  const numbers = files.map(numberOf);
  if (numbers.some((entry) => entry === null || entry.name !== numbers[0]?.name)) return false;
  const all = numbers.map((entry) => entry?.number ?? 0);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  // tcpdump calls the first file by its name alone, and the second one 1; a ring begins anew behind the last number.
  for (let i = 1; i < all.length; i++) {
    const [before = 0, after = 0] = [all[i - 1], all[i]];
    if (after === before + 1 || (before === most && after === least)) continue;
    throw new UserError(
      `between ${files[i - 1] ?? ''} and ${files[i] ?? ''} a file is missing, or they are no parts of one capture`,
      'give all files of the capture, or only those before or behind the gap',
    );
  }
  return true;
}
