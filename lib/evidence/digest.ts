import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Paths of all files below a folder, with `/` between names, sorted by their bytes. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** `sha256:<hex>` of all files below a folder, names included. The same in a copy. */
export function folderDigest(folder: string): string {
  const all = createHash('sha256');
  for (const file of filesBelow(folder)) {
    const own = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
    // The form of sha256sum(1).
    all.update(`${own}  ${file}\n`);
  }
  return `sha256:${all.digest('hex')}`;
}
