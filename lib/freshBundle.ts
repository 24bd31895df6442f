import { statSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from './packageRoot.js';

const modified = (path: string): number | undefined =>
  statSync(join(PACKAGE_ROOT, path), { throwIfNoEntry: false })?.mtimeMs;

/**
 * A file that the build has bundled; null where there is none, or it may be of other sources than the rest of the build.
 * @param name see lib/bootstrap/bundle.mjs
 */
export function freshBundle(name: string): string | null {
  const bundle = `dist/lib/bundle/${name}.js`;
  const made = modified(bundle);
  // Written whenever the compiler writes anything. Not in a package.
  const sources = modified('dist/tsconfig.tsbuildinfo');
  return made !== undefined && (sources === undefined || made >= sources) ? join(PACKAGE_ROOT, bundle) : null;
}

/**
 * The file of a program that the build has put into one, else what the compiler wrote.
 * @param name of the bundle
 * @param compiled relative to the package
 */
export function programFile(name: string, compiled: string): string {
  return freshBundle(name) ?? join(PACKAGE_ROOT, compiled);
}
