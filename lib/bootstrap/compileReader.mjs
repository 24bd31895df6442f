import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is compiled, relative to the root. */
export const READER_SOURCES = 'assembly';
/** Entries in it and what is made of them, relative to the root. */
const MODULES = { 'index.ts': 'reader.wasm', 'matcher.ts': 'matcher.wasm' };
const FOLDER = 'dist/lib/production';

/** What is published of it, relative to the root. */
export const READER_OUTPUTS = Object.values(MODULES).map((name) => join(FOLDER, name));

/** Pages of 64 KiB: what lib/production/compiledReader.ts needs for 64 captures. */
const MOST_PAGES = '4480';

/**
 * The command lines, for node, that compile what reads captures and what pairs their frames.
 * @param {string} root
 * @returns {readonly (readonly string[])[]}
 */
export function readerCompilers(root) {
  return Object.entries(MODULES).map(([source, output]) => [
    join(root, 'node_modules/assemblyscript/bin/asc.js'),
    join(root, READER_SOURCES, source),
    ...['--outFile', join(root, FOLDER, output)],
    // Nothing in it asserts or aborts: it stops before what it does not know, and the memory has bounds of its own.
    ...['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort='],
    ...[
      '--importMemory',
      '--sharedMemory',
      '--enable',
      'threads',
      '--initialMemory',
      '1',
      '--maximumMemory',
      MOST_PAGES,
    ],
  ]);
}

// `npm run build`; everything else calls what is above.
if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const compiler of readerCompilers(fileURLToPath(new URL('../..', import.meta.url)))) {
    process.exitCode = spawnSync(process.execPath, compiler, { stdio: 'inherit' }).status ?? 1;
    if (process.exitCode !== 0) break;
  }
