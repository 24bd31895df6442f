import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function find(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'topologies')) && existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new Error('everyleaf is incomplete: no package.json beside topologies/');
  }
}

/**
 * Folder of package.json, of a checkout or of an installed package; the same for sources and for the build in dist/.
 */
export const PACKAGE_ROOT = find();
