import { createJiti } from 'jiti';

/**
 * Loads a module that may be TypeScript, in a process that is not the runner's: Node 20 cannot, and later ones cannot
 * what is not mere types. Packages are loaded as Node does it, so that those which both sides import are there once.
 */
export async function importModule(file: string): Promise<unknown> {
  // Nothing is kept on disk: a config is small, and a cache in somebody's folder has to be explained.
  const jiti = createJiti(import.meta.url, { fsCache: false, interopDefault: false });
  return jiti.import(file);
}
