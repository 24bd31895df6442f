import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import type { RunSummary } from '../lib/report/json.js';
import { scratchFolder } from './scratch.js';
import { ms } from './statistics.js';
import type { Bench } from './types.js';

/** Runs the default qualification as a user does and returns its output. */
async function qualify(out: string): Promise<{ readonly wallMs: number; readonly summary: RunSummary }> {
  const start = performance.now();
  const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), 'run', '--json', '--out', out], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((ended) => child.on('close', ended));
  return { wallMs: performance.now() - start, summary: JSON.parse(Buffer.concat(chunks).toString()) as RunSummary };
}

export const runBench: Bench = {
  name: 'run',
  title: 'The default qualification in a built checkout, every scenario and control (target: 60 s on 2 cores)',
  async run(progress) {
    const folder = scratchFolder();
    try {
      progress('one whole run');
      const { wallMs, summary } = await qualify(join(folder, 'run'));
      return [
        {
          title: 'Whole run',
          rows: [
            {
              wall: ms(wallMs),
              verdict: summary.verdict,
              experiments: summary.experiments.length,
              'per experiment': ms(wallMs / summary.experiments.length),
            },
          ],
        },
        {
          title: 'Where the time goes (sum over all labs; two labs stand at the same time)',
          rows: summary.phases.map(({ name, ms: spent }) => ({ phase: name, sum: ms(spent) })),
        },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
