import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test as base } from '@playwright/test';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { runProgram, type ProgramResult } from '../../runProgram.js';

/** A user's folder, in which `everyleaf` can be imported and typed. */
export interface ForeignFolder {
  readonly path: string;
  write(files: Readonly<Record<string, string>>): void;
  everyleaf(...args: readonly string[]): Promise<ProgramResult>;
}

export const test = base.extend<{ folder: ForeignFolder }>({
  folder: async ({}, use) => {
    const path = mkdtempSync(join(tmpdir(), 'everyleaf-foreign-'));
    mkdirSync(join(path, 'node_modules'));
    symlinkSync(PACKAGE_ROOT, join(path, 'node_modules/everyleaf'));
    await use({
      path,
      write(files) {
        for (const [name, text] of Object.entries(files)) {
          mkdirSync(dirname(join(path, name)), { recursive: true });
          writeFileSync(join(path, name), text);
        }
      },
      everyleaf: (...args) =>
        runProgram(process.execPath, [join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), ...args], {
          cwd: path,
          // As a CI system sets it to keep the results of its own tests.
          env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: join(path, 'results.json') },
        }),
    });
    rmSync(path, { recursive: true });
  },
});
