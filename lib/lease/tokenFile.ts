import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { makeStateFolder } from './stateFolder.js';
import type { Holder } from './types.js';

const schema = z.strictObject({
  token: z.string().regex(/^[0-9a-f]{32}$/),
  holder: z.strictObject({ who: z.string(), where: z.string(), run: z.string(), since: z.string() }),
});

/** A lease that was taken by hand, for the next command of this user. */
export interface KeptToken {
  readonly token: string;
  readonly holder: Holder;
}

const fileIn = (folder: string): string => join(folder, 'lease.json');

/** Null where there is none, or it cannot be read. */
export function readToken(folder: string): KeptToken | null {
  try {
    return schema.parse(JSON.parse(readFileSync(fileIn(folder), 'utf8')));
  } catch {
    return null;
  }
}

export function writeToken(folder: string, kept: KeptToken): void {
  makeStateFolder(folder);
  const file = fileIn(folder);
  writeFileSync(`${file}.new`, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeToken(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}
