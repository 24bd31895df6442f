import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PACKAGES = { tshark: 'tshark', tcpdump: 'tcpdump' } as const;

/**
 * Runs an independent reader over capture bytes (its last argument is the file) and returns what it printed, line by
 * line.
 */
export function readWith(tool: keyof typeof PACKAGES, args: readonly string[], capture: Uint8Array): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'everyleaf-capture-'));
  try {
    const file = path.join(folder, 'capture');
    writeFileSync(file, capture);
    // Bytes of a capture must look the same wherever the test runs.
    const run = spawnSync(tool, [...args, '-r', file], {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    });
    if (run.error !== undefined) {
      throw new Error(
        `${tool} cannot be run (${run.error.message}); it is in the Debian package ${PACKAGES[tool]}: apt-get install ${PACKAGES[tool]}`,
      );
    }
    if (run.status !== 0) throw new Error(`${tool} ended with ${String(run.status)}: ${run.stderr}`);
    return run.stdout.split('\n').filter((line) => line !== '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
