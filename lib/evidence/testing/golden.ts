import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { PACKAGE_ROOT } from '../../packageRoot.js';

/**
 * A tar of the evidence folder of one whole default run (40 experiments, 52 controls) of version 0.1.0, as its judge
 * judged it.
 */
const ARCHIVE = join(PACKAGE_ROOT, 'lib/evidence/testing/golden.tar.br');

/** The report of that run; the folder holds it beside the experiments. */
export const GOLDEN_REPORT = 'report.golden.json';

/** Unpacks the golden run into a new folder below `parent` and returns that folder: an evidence folder of a run. */
export function unpackGolden(parent: string): string {
  return unpackArchive(ARCHIVE, parent);
}

/** The golden run as a tar, for those who need a part of it. */
export function goldenTar(): Buffer {
  return brotliDecompressSync(readFileSync(ARCHIVE));
}

/** Unpacks a brotli-compressed tar into a new folder below `parent`, and returns that folder. */
export function unpackArchive(archive: string, parent: string): string {
  const folder = join(parent, 'evidence');
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-x', '-C', folder], { input: brotliDecompressSync(readFileSync(archive)) });
  return folder;
}
