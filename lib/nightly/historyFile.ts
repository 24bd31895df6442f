import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../userError.js';
import { nightLine, NOT_JSON, parseNight, type Night } from './night.js';

/** All nights of one place, and what was left out. */
export interface History {
  /** The oldest first. */
  readonly nights: readonly Night[];
  /** Sentences about lines that a crash cut off. */
  readonly torn: readonly string[];
}

/** Ends a line that was cut off, so that it stays known as one when lines follow. JSON never ends like this. */
const TORN_MARK = '#torn';

/** The history of a place: a binding or a testbed. */
export function historyFile(folder: string, place: string): string {
  return join(folder, `${place.replaceAll(/[^\w.-]/g, '-')}.jsonl`);
}

/**
 * Reads a history; empty where there is none. A last line without its end was cut off by a crash and is left out. Every
 * other line that is not understood is refused: a comparison without it could say that all is well.
 * @throws UserError with file and line
 */
export function readHistory(file: string): History {
  if (!existsSync(file)) return { nights: [], torn: [] };
  const text = readText(file);
  const lines = text.split('\n');
  const nights = new Map<string, Night>();
  const torn: string[] = [];
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    const place = `${file}:${i + 1}`;
    if (line.endsWith(TORN_MARK) || (i === lines.length - 1 && parseNight(line) === NOT_JSON)) {
      torn.push(`${place}: this line was cut off, and is left out`);
      return;
    }
    const night = parseNight(line);
    if (typeof night === 'string')
      throw new UserError(`${place}: ${night}`, 'repair or remove this line, or name another folder with --history');
    const same = nights.get(night.run);
    // A merge of two copies of a history may bring a line twice.
    if (same !== undefined && nightLine(same) !== nightLine(night))
      throw new UserError(`${place}: run ${night.run} is there twice, and differs`, 'find out which one is right');
    nights.set(night.run, night);
  });
  return { nights: [...nights.values()].sort(byTime), torn };
}

function byTime(a: Night, b: Night): number {
  return Date.parse(a.at) - Date.parse(b.at) || (a.run < b.run ? -1 : 1);
}

function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Appends one night in one write at the end of the file, wherever that is by then (O_APPEND, open(2)): two that end at
 * once lose nothing. A line that a crash cut off is closed first.
 * @throws the error of the system
 */
export function appendNight(folder: string, place: string, night: Night): void {
  mkdirSync(folder, { recursive: true });
  keepBothSides(folder);
  const fd = openSync(historyFile(folder, place), 'a+');
  try {
    const bytes = Buffer.from(`${endsOpen(fd) ? `${TORN_MARK}\n` : ''}${nightLine(night)}`);
    const written = writeSync(fd, bytes);
    if (written < bytes.length)
      throw Object.assign(new Error(`only ${written} of ${bytes.length} bytes were written`), { code: 'ENOSPC' });
  } finally {
    closeSync(fd);
  }
}

function endsOpen(fd: number): boolean {
  const { size } = fstatSync(fd);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}

/** Where the folder is kept in git, a merge of two copies takes the lines of both (gitattributes(5), `merge=union`). */
function keepBothSides(folder: string): void {
  const file = join(folder, '.gitattributes');
  if (!existsSync(file)) writeFileSync(file, '*.jsonl merge=union\n');
}
