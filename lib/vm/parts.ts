import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, madeOf } from './cache.js';
import { withLock } from './lock.js';
import type { Progress } from './progress.js';

/** A finished part of guests. */
export interface Part {
  /** Of its folder: kind and hash. */
  readonly name: string;
  readonly kind: string;
  /** null for the root, which fits all kernels. */
  readonly release: string | null;
  readonly bytes: number;
}

/** On disk, without what holes save. */
function bytesIn(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

export function listParts(): readonly Part[] {
  const root = cacheFolder();
  if (!existsSync(root)) return [];
  return readdirSync(root).flatMap((name): Part[] => {
    const ingredients = madeOf(join(root, name));
    if (ingredients === null) return [];
    const { kind, release } = ingredients as { readonly kind: string; readonly release?: string };
    return [{ name, kind, release: release ?? null, bytes: bytesIn(join(root, name)) }];
  });
}

/** Removes parts; waits for a build of one of them. */
export async function removeParts(parts: readonly Part[], say: Progress): Promise<void> {
  for (const { name } of parts) {
    const folder = join(cacheFolder(), name);
    await withLock(
      `${folder}.lock`,
      () => say(`another process is making ${name}; waiting for it`),
      () => {
        rmSync(folder, { recursive: true, force: true });
        return Promise.resolve();
      },
    );
  }
}
