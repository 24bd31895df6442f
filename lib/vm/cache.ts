import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './lock.js';

/** In each finished part, written before the part gets its name: what went into it. */
const MADE_OF = 'made-of.json';

/** Where guests are kept: below XDG_CACHE_HOME (XDG Base Directory Specification), by default ~/.cache. */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'everyleaf', 'vm');
}

/** Names a part by everything that goes into it, so that a part of other things is never taken for it. */
export function partKey(madeOf: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(JSON.stringify(madeOf)).digest('hex').slice(0, 16);
}

interface Made {
  readonly ingredients: Readonly<Record<string, unknown>>;
  /** Octets of each file of the part itself, without those in folders. */
  readonly files: Readonly<Record<string, number>>;
}

/** What went into the part in this folder; null where there is no finished part. */
export function madeOf(folder: string): Readonly<Record<string, unknown>> | null {
  return read(folder)?.ingredients ?? null;
}

function read(folder: string): Made | null {
  try {
    const made = JSON.parse(readFileSync(join(folder, MADE_OF), 'utf8')) as Partial<Made>;
    return made.ingredients === undefined || made.files === undefined ? null : (made as Made);
  } catch {
    return null;
  }
}

function sizesIn(folder: string): Readonly<Record<string, number>> {
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== MADE_OF,
  );
  return Object.fromEntries(files.map(({ name }) => [name, statSync(join(folder, name)).size] as const));
}

/** A part that a full disk, a person or a crash of the machine cut short is none. */
function isWhole(folder: string): boolean {
  const made = read(folder);
  if (made === null) return false;
  const found = sizesIn(folder);
  return Object.entries(made.files).every(([name, size]) => found[name] === size);
}

/**
 * The folder with a part of a guest, made when it is not there. Of two builders one waits for the other. A part has its
 * name only when it is whole: whatever kills a build leaves parts that are finished, and one folder that the next
 * build clears.
 *
 * @param make puts the part's files into the folder
 */
export async function cachedPart(
  kind: string,
  ingredients: Readonly<Record<string, unknown>>,
  make: (folder: string) => Promise<void>,
  onWait: () => void,
): Promise<string> {
  const root = cacheFolder();
  const folder = join(root, `${kind}-${partKey({ kind, ...ingredients })}`);
  if (isWhole(folder)) return folder;
  mkdirSync(root, { recursive: true });
  await withLock(`${folder}.lock`, onWait, async () => {
    if (isWhole(folder)) return;
    const building = `${folder}.building`;
    for (const left of [building, folder]) rmSync(left, { recursive: true, force: true });
    mkdirSync(building);
    try {
      await make(building);
      const made: Made = { ingredients: { kind, ...ingredients }, files: sizesIn(building) };
      writeFileSync(join(building, MADE_OF), JSON.stringify(made));
      renameSync(building, folder);
    } finally {
      if (existsSync(building)) rmSync(building, { recursive: true, force: true });
    }
  });
  return folder;
}
