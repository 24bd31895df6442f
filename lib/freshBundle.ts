import { statSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from './packageRoot.js';

const modified = (path: string): number | undefined =>
  statSync(join(PACKAGE_ROOT, path), { throwIfNoEntry: false })?.mtimeMs;

/**
 * The file of a program that the build has put into one, else what the compiler wrote.
 * @param name of the bundle, see lib/bootstrap/bundle.mjs
 * @param compiled relative to the package
 */
export function programFile(name: string, compiled: string): string {
  const bundle = `dist/lib/bundle/${name}.js`;
  const made = modified(bundle);
  // Written whenever the compiler writes anything: a bundle that is older may be of other sources. Not in a package.
  const sources = modified('dist/tsconfig.tsbuildinfo');
  return join(PACKAGE_ROOT, made !== undefined && (sources === undefined || made >= sources) ? bundle : compiled);
}
