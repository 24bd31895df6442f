import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import type { RunReport } from '../lib/run/result.js';
import { timed, type Cost } from './cost.js';
import { againstOld } from './pairs.js';
import { scratchFolder } from './scratch.js';
import { ms } from './statistics.js';
import type { Bench, Row } from './types.js';

/** The default qualification as a user starts it. Throws when it does not pass. */
function qualify(folder: string, out: string): Cost {
  return timed([process.execPath, join(folder, 'dist/lib/cli/main.js'), 'run', '--out', out], { folder });
}

export const runBench: Bench = {
  name: 'run',
  title: 'The default qualification in a built checkout, every scenario and control',
  run(options) {
    const scratch = scratchFolder();
    let runs = 0;
    let phases: readonly Row[] = [];
    try {
      const rows = againstOld(
        'everyleaf run',
        (folder) => {
          const out = join(scratch, String(runs++));
          const cost = qualify(folder, out);
          if (folder === PACKAGE_ROOT) {
            const report = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunReport;
            phases = report.phases.map(({ name, ms: spent }) => ({ phase: name, sum: ms(spent) }));
          }
          return cost;
        },
        options,
        'cpu / old <= 0.40',
      );
      return Promise.resolve([
        { title: 'Whole run', rows },
        {
          title: 'Where the time of the last one went (sum over all labs; two labs stand at the same time)',
          rows: phases,
        },
      ]);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};
