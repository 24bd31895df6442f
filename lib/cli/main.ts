import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { programFile } from '../freshBundle.js';

/**
 * A config imports what the compiler wrote of everyleaf, so the rest must be that, too, or half of it would be there
 * twice. Without one, a bundle loads in a third of the time.
 */
function hasConfig(args: readonly string[]): boolean {
  return (
    args.some((arg) => arg.startsWith('--config')) ||
    ['ts', 'mts', 'js', 'mjs'].some((ending) => existsSync(`everyleaf.config.${ending}`))
  );
}

const COMPILED = 'dist/lib/cli/start.js';
const args = process.argv.slice(2);
const isJudge = args[0] === 'judge';
const file = !isJudge && hasConfig(args) ? null : programFile(isJudge ? 'judge' : 'everyleaf', COMPILED);
await import(file === null ? './start.js' : pathToFileURL(file).href);
