import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** What `import`, `export ... from` and `import()` name in built code. */
const SPECIFIER =
  /(?:^|[;}\s])(?:import|export)\b[^'"();]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;

/** All that a built file needs, directly or not. */
export interface ImportGraph {
  /** Absolute paths of files, the first one among them. */
  readonly files: readonly string[];
  /** Imports that are no file of the build: `node:fs`, `zod`. With the file that imports them. */
  readonly others: readonly string[];
}

/** Follows every import of a built file. */
export function importGraph(entry: string): ImportGraph {
  const files = new Set<string>([entry]);
  const others: string[] = [];
  for (const file of files)
    for (const [, from, bare] of readFileSync(file, 'utf8').matchAll(SPECIFIER)) {
      const name = from ?? bare ?? '';
      if (name.startsWith('.')) files.add(resolve(dirname(file), name));
      else others.push(`${file}: ${name}`);
    }
  return { files: [...files], others };
}
