import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { stableJson } from '../lib/evidence/json.js';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import { faultsBench } from './faults.js';
import { judgeBench } from './judge.js';
import { labBench } from './lab.js';
import { probeBench } from './probe.js';
import { runBench } from './run.js';
import type { Bench, Row, Section } from './types.js';

/** Every measurement; a new one is one file and one line here. */
const BENCHES: readonly Bench[] = [labBench, probeBench, faultsBench, runBench, judgeBench];

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

async function measure(bench: Bench): Promise<void> {
  const sections: readonly Section[] = await bench.run((text) => void process.stderr.write(`${bench.name}: ${text}\n`));
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

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `unknown measurement ${unknown.join(', ')}; known: ${BENCHES.map((bench) => bench.name).join(', ')}\n`,
  );
  process.exitCode = 2;
} else {
  for (const bench of BENCHES) if (wanted.length === 0 || wanted.includes(bench.name)) await measure(bench);
}
