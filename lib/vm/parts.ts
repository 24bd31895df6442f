import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
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
  /** Name of the part with its kernel; null where it fits all kernels, or the part in between was removed. */
  readonly kernel: string | null;
  /** Digest of the image where that kernel is a person's own; null for one of the mirror. */
  readonly image: string | null;
  readonly bytes: number;
}

/** What went into a part, as far as it leads to its kernel. */
interface Ingredients {
  readonly kind: string;
  readonly release?: string;
  readonly image?: string;
  readonly kernel?: string;
  readonly guest?: string;
}

const ingredientsOf = (name: string): Ingredients | null =>
  madeOf(join(cacheFolder(), name)) as (Readonly<Record<string, unknown>> & Ingredients) | null;

/** Name of the kernel that a part was made of: a snapshot of a guest, and a guest of a kernel. */
function kernelOf(name: string): string | null {
  const made = ingredientsOf(name);
  if (made?.kind === 'kernel') return name;
  const from = made?.kernel ?? made?.guest;
  return from === undefined ? null : kernelOf(basename(from));
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
    const ingredients = ingredientsOf(name);
    if (ingredients === null) return [];
    const { kind, release = null } = ingredients;
    const kernel = kernelOf(name);
    const image = kernel === null ? null : (ingredientsOf(kernel)?.image ?? null);
    return [{ name, kind, release, kernel, image, bytes: bytesIn(join(root, name)) }];
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
