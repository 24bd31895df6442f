import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';

/** A folder with no checkout above it: imports are found in its own node_modules or not at all. */
export const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'everyleaf-package-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
});
