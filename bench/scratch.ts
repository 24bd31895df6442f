import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';

/**
 * A new scratch folder for a measurement. It is beside the results, so that leftovers of an interrupted one are easy to
 * find.
 */
export function scratchFolder(): string {
  const results = join(PACKAGE_ROOT, 'bench/results');
  mkdirSync(results, { recursive: true });
  return mkdtempSync(join(results, 'scratch-'));
}
