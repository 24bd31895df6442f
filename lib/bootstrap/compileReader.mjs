import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is compiled, and what of it is published, relative to the root. */
export const READER_SOURCES = 'assembly';
export const READER_OUTPUT = 'dist/lib/production/reader.wasm';

/** Pages of 64 KiB, as in lib/production/compiledReader.ts. */
const PAGES = '64';

/**
 * The command line, for node, that compiles the reader of captures.
 * @param {string} root
 * @returns {readonly string[]}
 */
export function readerCompiler(root) {
  return [
    join(root, 'node_modules/assemblyscript/bin/asc.js'),
    join(root, READER_SOURCES, 'index.ts'),
    ...['--outFile', join(root, READER_OUTPUT)],
    // Nothing in it asserts or aborts: it stops before what it does not know, and the memory has bounds of its own.
    ...['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort='],
    ...['--importMemory', '--sharedMemory', '--enable', 'threads', '--initialMemory', PAGES, '--maximumMemory', PAGES],
  ];
}

// `npm run build`; everything else calls what is above.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const compiler = readerCompiler(fileURLToPath(new URL('../..', import.meta.url)));
  process.exitCode = spawnSync(process.execPath, compiler, { stdio: 'inherit' }).status ?? 1;
}
