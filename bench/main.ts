import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stableJson } from '../lib/evidence/json.js';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import { UserError } from '../lib/userError.js';
import { faultsBench } from './faults.js';
import { historyBench } from './history.js';
import { judgeBench } from './judge.js';
import { labBench } from './lab.js';
import { planesBench } from './planes.js';
import { probeBench } from './probe.js';
import { releaseBench } from './release.js';
import { runBench } from './run.js';
import { shardsBench } from './shards.js';
import { smallBench } from './small.js';
import { sshBench } from './ssh.js';
import { testsBench } from './tests.js';
import type { Bench, Row, Section } from './types.js';
import { vmBench } from './vm.js';
import { watchBench } from './watch.js';

/** Every measurement; a new one is one file and one line here. */
const BENCHES: readonly Bench[] = [
  labBench,
  planesBench,
  probeBench,
  faultsBench,
  runBench,
  judgeBench,
  smallBench,
  historyBench,
  releaseBench,
  sshBench,
  shardsBench,
  watchBench,
  vmBench,
  testsBench,
];

function table(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function measure(bench: Bench, pairs: number): Promise<void> {
  const progress = (text: string) => void process.stderr.write(`${bench.name}: ${text}\n`);
  const sections: readonly Section[] = await bench.run({ progress, pairs });
  const machine = {
    kernel: release(),
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    node: process.version,
  };
  const folder = join(PACKAGE_ROOT, 'bench/results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, `${bench.name}.json`),
    stableJson({ title: bench.title, measuredAt: new Date().toISOString(), machine, sections }),
  );
  process.stdout.write(
    `\n${bench.title}\n${sections.map(({ title, rows }) => `\n${title}\n${table(rows)}\n`).join('')}`,
  );
}

/** Fewer say little on a machine that does other work, too. */
const PAIRS = 5;
/**
 * Only where they are named: three take long, one needs root and a server of ssh, and one QEMU and the Debian mirror.
 */
const ONLY_BY_NAME: readonly Bench[] = [testsBench, sshBench, shardsBench, watchBench, vmBench];

const { values, positionals } = parseArgs({
  options: { pairs: { type: 'string', default: String(PAIRS) } },
  allowPositionals: true,
});
const pairs = Number(values.pairs);
const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));
const wanted = BENCHES.filter((bench) =>
  positionals.length === 0 ? !ONLY_BY_NAME.includes(bench) : positionals.includes(bench.name),
);
if (unknown.length > 0) {
  process.stderr.write(
    `unknown measurement ${unknown.join(', ')}; known: ${BENCHES.map((bench) => bench.name).join(', ')}\n`,
  );
  process.exitCode = 2;
} else if (!Number.isInteger(pairs) || pairs < 1) {
  process.stderr.write(`--pairs "${values.pairs}" is no number of pairs: write 1 or more\n`);
  process.exitCode = 2;
} else {
  try {
    for (const bench of wanted) await measure(bench, pairs);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}${error.hint === null ? '' : `\n${error.hint}`}\n`);
    process.exitCode = error.exitCode;
  }
}
