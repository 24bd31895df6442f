import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../evidence/digest.js';
import { PACKAGE_ROOT } from '../packageRoot.js';

/** What is run, and what is put into a report. */
const PROGRAM_FOLDERS = ['dist/lib', 'reports/page'];
const PROGRAM_FILE = /\.(?:js|mjs|wasm|css)$/;
/** What only a checkout has, and bundles, which are made of the rest. */
const NOT_IN_EACH = /(?:^|\/)(?:bundle|testing|fuzz)\/|\.test\./;

/**
 * `sha256:...` of this everyleaf's own files: the same in each checkout of one commit and in its package, and another
 * after each change of its code. A version number is the same from one release to the next.
 * @param root folder of package.json
 */
export function buildDigest(root = PACKAGE_ROOT): string {
  const all = createHash('sha256');
  for (const folder of PROGRAM_FOLDERS)
    for (const path of filesBelow(join(root, folder))) {
      if (!PROGRAM_FILE.test(path) || NOT_IN_EACH.test(path)) continue;
      const own = createHash('sha256')
        .update(readFileSync(join(root, folder, path)))
        .digest('hex');
      all.update(`${own}  ${folder}/${path}\n`);
    }
  return `sha256:${all.digest('hex')}`;
}
