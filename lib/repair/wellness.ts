import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { makeStateFolder } from '../lease/stateFolder.js';
import { UserError } from '../userError.js';
import { sayDifference, type Difference, type Snapshot } from './snapshot.js';

const snapshotSchema = z.record(z.string(), z.record(z.string(), z.string()));
const difference = z.strictObject({ machine: z.string(), about: z.string(), before: z.string(), after: z.string() });
const unwellSchema = z.strictObject({ since: z.string(), run: z.string(), differences: z.array(difference) });

/** A binding whose machines were not as before after a run. */
export type Unwell = z.output<typeof unwellSchema>;

const BEFORE = 'before.json';
const UNWELL = 'unwell.json';

function write(folder: string, name: string, value: unknown): void {
  makeStateFolder(folder);
  const file = join(folder, name);
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}

/** The value of a file; null where there is none. Throws UserError for one that cannot be read. */
function read<T>(folder: string, name: string, schema: z.ZodType<T>): T | null {
  const file = join(folder, name);
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new UserError(`${file} is damaged`, 'look at the machines, then: everyleaf repair --clear BINDING', 69);
  }
}

/** Keeps how the machines were, until they have been compared, also when we are killed meanwhile. */
export function keepBefore(folder: string, before: Snapshot): void {
  write(folder, BEFORE, before);
}

/** How they were before the run that has not compared them yet; null where the last one has. */
export function readBefore(folder: string): Snapshot | null {
  return read(folder, BEFORE, snapshotSchema);
}

/**
 * To be called with what is not as before. Where that is nothing, nothing is kept any more; else the binding is unwell, and
 * stays so until `repair` or a person clears it.
 */
export function closeBefore(folder: string, found: readonly Difference[], run: string, now = new Date()): void {
  if (found.length > 0)
    write(folder, UNWELL, { since: now.toISOString(), run, differences: [...found] } satisfies Unwell);
  else clearWellness(folder);
}

export function readUnwell(folder: string): Unwell | null {
  return read(folder, UNWELL, unwellSchema);
}

/** Forgets how the machines were, and that they differed. */
export function clearWellness(folder: string): void {
  for (const name of [UNWELL, BEFORE]) rmSync(join(folder, name), { force: true });
}

/** Throws UserError for a binding that is unwell: what a run shows on its machines would not count. */
export function requireWell(binding: string, folder: string): void {
  const unwell = readUnwell(folder);
  if (unwell === null) return;
  const [first, ...others] = unwell.differences.map(sayDifference);
  throw new UserError(
    `${binding} is unwell since ${unwell.since} (${unwell.run}): ${first ?? 'its machines differ'}${others.length === 0 ? '' : `, and ${others.length} more`}`,
    'everyleaf repair BINDING undoes what was left, and compares again',
    69,
  );
}
