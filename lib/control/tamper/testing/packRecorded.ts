/**
 * `packRecorded RUN...`: packs, from the folders of runs, the smallest evidence of each tamper whose scenario failed,
 * for `caught.test.ts`. Recordings of other tampers stay. Run it again when a tamper is added or changed.
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { controlOf } from '../../../run/controlName.js';
import { OUTCOME_FILE, parseOutcome } from '../../../run/outcome.js';
import { EVIDENCE_FOLDER } from '../../../run/testRecord.js';
import { KEPT, RECORDED, unpackRecorded } from './recorded.js';

const runs = process.argv.slice(2).map((run) => join(run, EVIDENCE_FOLDER));
const smallest = new Map<string, { readonly folder: string; readonly bytes: number }>();
for (const entry of runs.flatMap((evidence) => readdirSync(evidence, { withFileTypes: true }))) {
  if (!entry.isDirectory()) continue;
  const folder = join(entry.parentPath, entry.name);
  const outcome = parseOutcome(readFileSync(join(folder, OUTCOME_FILE), 'utf8'));
  const control = controlOf(outcome.intent);
  if (control?.type !== 'tamper' || outcome.outcome.type !== 'not-held') continue;
  const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  if (bytes < (smallest.get(control.name)?.bytes ?? Infinity)) smallest.set(control.name, { folder, bytes });
}
const scratch = mkdtempSync(join(tmpdir(), 'everyleaf-recorded-'));
try {
  const packed = unpackRecorded(scratch);
  for (const [name, { folder }] of smallest) {
    rmSync(join(packed, name), { recursive: true, force: true });
    mkdirSync(join(packed, name));
    for (const file of readdirSync(folder).filter((one) => KEPT.test(one)))
      copyFileSync(join(folder, file), join(packed, name, file));
  }
  const tar = execFileSync('tar', ['-c', '--sort=name', '-C', packed, '.'], { maxBuffer: 2 ** 30 });
  writeFileSync(RECORDED, brotliCompressSync(tar));
  process.stdout.write(`${smallest.size} tampers: ${[...smallest.keys()].sort().join(', ')}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
