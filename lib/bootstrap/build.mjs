import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { bundle, bundlesOf } from './bundle.mjs';
import { READER_OUTPUTS, READER_SOURCES, readerCompilers } from './compileReader.mjs';
import { runStep } from './runChild.mjs';
import { say, SetupError } from './say.mjs';

const SOURCE_FOLDERS = ['lib', 'scenarios', 'bench', READER_SOURCES];
const SOURCE_FILES = ['tsconfig.json', 'package-lock.json', 'playwright.config.ts', 'playwright.unit.config.ts'];
const STAMP = 'dist/.everyleaf-stamp';
const COMPILER_STATE = 'dist/tsconfig.tsbuildinfo';

/**
 * Every file that the build reads, relative to the root, sorted.
 * @param {string} root
 * @returns {readonly string[]}
 */
function sources(root) {
  const found = SOURCE_FOLDERS.flatMap((folder) => {
    if (!existsSync(join(root, folder))) return [];
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.m?[jt]s$/.test(path))
      .map((path) => join(folder, path));
  });
  return [...found, ...SOURCE_FILES.filter((file) => existsSync(join(root, file)))].sort();
}

/**
 * Names, sizes and times instead of content: a few milliseconds, and a false alarm only costs an incremental build.
 * @param {string} root
 * @param {readonly string[]} files
 */
function fingerprint(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file}\0${String(size)}\0${String(mtimeMs)}\n`);
  }
  return hash.digest('hex');
}

/** @param {string} source @returns {boolean} */
function isOfReader(source) {
  return source.startsWith(`${READER_SOURCES}/`);
}

/** @param {string} source @returns {string} what a compiler makes of it */
function outputOf(source) {
  return join('dist', source.replace(/ts$/, 'js'));
}

/**
 * Why dist cannot be used as it is; null when it can.
 * @param {string} root
 * @returns {string | null}
 */
export function buildProblem(root) {
  if (!existsSync(join(root, STAMP))) return 'not built yet';
  const files = sources(root);
  if (readFileSync(join(root, STAMP), 'utf8').trim() !== fingerprint(root, files)) return 'sources have changed';
  const gone = outputsMissing(root, files);
  return gone.length === 0 ? null : `${gone[0] ?? ''} is gone`;
}

/** @param {string} root @param {readonly string[]} files */
function outputsMissing(root, files) {
  const compiled = files.filter((file) => /\.m?[jt]s$/.test(file) && !/\.d\.m?ts$/.test(file) && !isOfReader(file));
  const modules = files.some(isOfReader) ? READER_OUTPUTS : [];
  return [...compiled.map(outputOf), ...modules, ...bundlesOf(files)].filter(
    (output) => !existsSync(join(root, output)),
  );
}

/**
 * Compiles when dist is not what the sources say.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @throws {SetupError} when the compiler finds errors (exit code 2: the checkout is wrong, not the machine)
 */
export async function provideBuild(root, env) {
  const problem = buildProblem(root);
  if (problem === null) return;
  say(`building (${problem})`);
  const files = sources(root);
  const before = fingerprint(root, files);
  try {
    mkdirSync(join(root, 'dist'), { recursive: true });
    rmSync(join(root, STAMP), { force: true });
    removeOrphans(root, files);
    // An incremental compiler believes its own notes and would not write again what someone removed.
    if (outputsMissing(root, files).length > 0) rmSync(join(root, COMPILER_STATE), { force: true });
  } catch (error) {
    throw new SetupError(`cannot write the build into ${join(root, 'dist')}: ${/** @type {Error} */ (error).message}`);
  }
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const compilers = [[tsc, '-p', root], ...(files.some(isOfReader) ? readerCompilers(root) : [])];
  for (const compiler of compilers)
    if ((await runStep(process.execPath, compiler, { cwd: root, env })) !== 0)
      throw new SetupError('the compiler found errors; they are above.', 2);
  if (bundlesOf(files).length > 0) await bundle(root);
  writeFileSync(join(root, STAMP), `${before}\n`);
}

/**
 * A removed source leaves its output, which would still be imported or, were it a test, still be run.
 * @param {string} root
 * @param {readonly string[]} files
 */
function removeOrphans(root, files) {
  const wanted = new Set([...files.map(outputOf), ...bundlesOf(files)]);
  for (const path of readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })) {
    const output = join('dist', path);
    if (/\.m?js$/.test(output) && !wanted.has(output)) {
      for (const file of [output, `${output}.map`, output.replace(/(m?)js$/, 'd.$1ts')])
        rmSync(join(root, file), { force: true });
    }
  }
}
