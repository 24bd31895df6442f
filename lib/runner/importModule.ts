import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Whether Node, and the runner with it, takes a file for an ES module. */
function isEsModule(file: string): boolean {
  const ending = extname(file);
  if (ending === '.mts' || ending === '.mjs') return true;
  if (ending === '.cts' || ending === '.cjs') return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest))
      return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly type?: string }).type === 'module';
    if (folder === dirname(folder)) return false;
  }
}

/**
 * Loads a module in a process of the runner, as the runner loads scenarios, so that a module that both import is loaded
 * once.
 */
export function importModule(file: string): Promise<unknown> {
  if (isEsModule(file)) return import(pathToFileURL(file).href);
  return Promise.resolve().then((): unknown => createRequire(import.meta.url)(file));
}
