import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import { scratchFolder } from './scratch.js';
import { median, ms } from './statistics.js';
import type { Bench } from './types.js';

const MAIN = join(PACKAGE_ROOT, 'dist/lib/cli/main.js');

async function everyleaf(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`everyleaf ${args.join(' ')} ended with ${String(code)}`);
}

async function timedMs(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Two shards at the same time on this machine, merged, against one run with two workers. */
export const shardsBench: Bench = {
  name: 'shards',
  title: 'the default run as two shards on two cores',
  async run({ progress, pairs }) {
    const scratch = scratchFolder();
    const out = (name: string): string => join(scratch, name);
    try {
      const [sharded, whole]: [number[], number[]] = [[], []];
      for (let round = 0; round < pairs; round++) {
        progress(`pair ${round + 1} of ${pairs}, one run`);
        whole.push(await timedMs(() => everyleaf(['run', '--workers', '2', '--out', out(`${round}`)])));
        progress(`pair ${round + 1} of ${pairs}, two shards`);
        const parts = [1, 2].map((index) => out(`${round}-${index}`));
        sharded.push(
          await timedMs(async () => {
            await Promise.all(
              parts.map((part, i) => everyleaf(['run', '--workers', '1', '--shard', `${i + 1}/2`, '--out', part])),
            );
            await everyleaf(['merge', out(`${round}-merged`), ...parts]);
          }),
        );
      }
      const ratio = median(sharded.map((spent, i) => spent / (whole[i] ?? spent)));
      return [
        {
          title: 'wall time; the shards with their merge',
          rows: [
            { what: 'one run, two workers', pairs, wall: ms(median(whole)), 'it / one run': '1', target: '' },
            {
              what: 'two shards, one worker each',
              pairs,
              wall: ms(median(sharded)),
              'it / one run': ratio.toFixed(2),
              target: '<= 1',
            },
          ],
        },
      ];
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};
