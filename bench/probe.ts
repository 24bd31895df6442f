import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OLD_COMMIT, oldBuild } from './oldBuild.js';
import { probeRounds } from './probeRounds.js';
import { median, ms, percentile } from './statistics.js';
import type { Bench, Row } from './types.js';

const ROUNDS = 25;

/** What the old build's own measurement of 25 rounds wrote: the p50 from send to verdict, ms. */
function oldMedian(folder: string): number {
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'dist/bench/main.js'), 'probe'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the measurement of ${OLD_COMMIT} failed: ${stderr.trim()}`);
  const { sections } = JSON.parse(readFileSync(join(folder, 'bench/results/probe.json'), 'utf8')) as {
    readonly sections: readonly { readonly rows: readonly { readonly what: string; readonly p50: string }[] }[];
  };
  const row = sections.flatMap(({ rows }) => rows).find(({ what }) => what === 'send to verdict');
  return Number(row?.p50.replace(' ms', ''));
}

export const probeBench: Bench = {
  name: 'probe',
  title: 'One probe, from send to verdict',
  async run({ progress, pairs }) {
    using old = oldBuild(progress);
    const toVerdict: number[] = [];
    const toEvidence: number[] = [];
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let pair = 0; pair < pairs; pair++) {
      progress(`pair ${pair + 1} of ${pairs}`);
      const times = await probeRounds(ROUNDS);
      toVerdict.push(...times.toVerdict);
      toEvidence.push(...times.toEvidence);
      ours.push(median(times.toVerdict));
      theirs.push(oldMedian(old.folder));
    }
    const row = (what: string, samples: readonly number[]): Row => ({
      what,
      p50: ms(percentile(samples, 0.5)),
      p99: ms(percentile(samples, 0.99)),
    });
    return [
      {
        title: `${pairs} times ${ROUNDS} rounds, captures armed again for each`,
        rows: [row('send to verdict', toVerdict), row('of which: send to evidence on disk', toEvidence)],
      },
      {
        title: 'Median of the p50 of 25 rounds, in turns',
        rows: [
          { build: 'this', p50: ms(median(ours)), 'p50 / old': (median(ours) / median(theirs)).toFixed(2) },
          { build: OLD_COMMIT, p50: ms(median(theirs)), 'p50 / old': '1.00' },
        ],
      },
    ];
  },
};
