import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';

/**
 * A new folder for what a measurement needs meanwhile. Beside the results, so that one that was interrupted leaves
 * nothing where nobody looks.
 */
export function scratchFolder(): string {
  const results = join(PACKAGE_ROOT, 'bench/results');
  mkdirSync(results, { recursive: true });
  return mkdtempSync(join(results, 'scratch-'));
}
