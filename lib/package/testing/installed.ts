import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { runProgram, type ProgramResult } from '../../runProgram.js';
import { installIn, packProduct } from './tarball.js';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';

/** The foreign package that comes with the documentation. */
export const FOREIGN = join(PACKAGE_ROOT, 'docs/examples/ours');

/** A user's folder, with what npm installs from the packed product and nothing else of ours. */
export interface Installed {
  readonly folder: string;
  /** Names of the packages that are installed there. */
  readonly packages: readonly string[];
  run(file: string, ...args: readonly string[]): Promise<ProgramResult>;
  /** Compiles what a `tsconfig.json` there names, with the compiler and Node's types of this checkout. */
  compile(): Promise<ProgramResult>;
}

/** Packed and installed once for all tests of a file, and the foreign package beside it. */
export const test = base.extend<object, { installed: Installed }>({
  installed: [
    async ({}, use) => {
      // No checkout is above it: imports are found in its own node_modules or not at all.
      const folder = await mkdtemp(join(tmpdir(), 'everyleaf-installed-'));
      const packages = await installIn(folder, await packProduct(join(folder, 'pack')));
      await cp(FOREIGN, folder, { recursive: true });
      const run = (file: string, ...args: readonly string[]) => runProgram(file, args, { cwd: folder });
      const compiler = join(PACKAGE_ROOT, 'node_modules/typescript/bin/tsc');
      const types = ['--typeRoots', join(PACKAGE_ROOT, 'node_modules/@types')];
      // The second time it checks only what is new.
      const again = ['--incremental', '--tsBuildInfoFile', join(folder, 'pack/tsbuildinfo')];
      await use({
        folder,
        packages,
        run,
        compile: () => run(process.execPath, compiler, '--project', '.', ...types, ...again),
      });
      await rm(folder, { recursive: true });
    },
    { scope: 'worker', timeout: WHOLE_RUNS_MS },
  ],
});
