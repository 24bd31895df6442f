import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../packageRoot.js';
import type { ControlsTable, RunReport } from '../run/result.js';
import { runProgram } from '../runProgram.js';

/** `everyleaf run` as it is typed, in a folder that is gone afterwards: exit code and `run.json`. */
export async function wholeRun(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly report: RunReport }> {
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-run-'));
  try {
    const out = join(folder, 'run');
    const main = join(PACKAGE_ROOT, 'dist/lib/cli/main.js');
    const { code } = await runProgram(process.execPath, [main, 'run', '--out', out, ...args]);
    return { code, report: JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunReport };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `name: fate` of all mutants and tampers, by name. */
export function fatesOf({ mutants, tampers }: ControlsTable): readonly string[] {
  return [
    ...mutants.map(({ mutant, fate }) => `${mutant}: ${fate}`),
    ...tampers.map(({ tamper, fate }) => `${tamper}: ${fate}`),
  ].sort();
}
