/**
 * Loads a module that may be TypeScript, in a process that is not the runner's: Node 20 cannot do that, and later ones
 * only strip types. Packages are loaded as Node does, so that a package that both sides import is loaded once.
 */
export async function importModule(file: string): Promise<unknown> {
  // Only a config needs it.
  const { createJiti } = await import('jiti');
  // Nothing is cached on disk: a config is small, and a cache in the user's folder would need an explanation.
  const jiti = createJiti(import.meta.url, { fsCache: false, interopDefault: false });
  return jiti.import(file);
}
