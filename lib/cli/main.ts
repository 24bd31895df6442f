import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `everyleaf judge` from one file, which loads sooner; all else, and what is not built, from many. */
const BUNDLE = new URL('../bundle/judge.js', import.meta.url);
/** Written whenever the compiler writes anything: a bundle that is older may be of other sources. Not in a package. */
const COMPILED = new URL('../../tsconfig.tsbuildinfo', import.meta.url);

await import(process.argv[2] === 'judge' && isFresh() ? BUNDLE.href : './start.js');

function isFresh(): boolean {
  const [bundled, compiled] = [BUNDLE, COMPILED].map(
    (url) => statSync(fileURLToPath(url), { throwIfNoEntry: false })?.mtimeMs,
  );
  return bundled !== undefined && (compiled === undefined || bundled >= compiled);
}
