import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import { middle, timed, type Cost } from './cost.js';
import { scratchFolder } from './scratch.js';
import { median, ms } from './statistics.js';
import type { Bench } from './types.js';

const EVERYLEAF = [process.execPath, join(PACKAGE_ROOT, 'dist/lib/cli/main.js')];

/** Both shards at the same time, then their merge; one command, so that the processor's time is that of all three. */
const SHARDED = `
out=$1
history=$2
shift 2
"$@" nightly --history "$history" --workers 1 --shard 1/2 --out "$out-1" &
first=$!
"$@" nightly --history "$history" --workers 1 --shard 2/2 --out "$out-2"
second=$?
wait "$first" && test "$second" = 0 && "$@" merge "$out" "$out-1" "$out-2"
`;

/** Of a night that is taken into a history: clean, or one that must be looked at, such as a flake. */
const NIGHT_CODES = [0, 1];

/**
 * Two shards at the same time on this machine, merged, against one run with two workers; shared out by how long each
 * experiment took in the runs before, as a night does it.
 */
export const shardsBench: Bench = {
  name: 'shards',
  title: 'the default run as two shards on two cores',
  run({ progress, pairs }) {
    const scratch = scratchFolder();
    try {
      const history = join(scratch, 'history');
      const [sharded, whole]: [Cost[], Cost[]] = [[], []];
      for (let round = 0; round < pairs; round++) {
        const out = join(scratch, String(round));
        progress(`pair ${round + 1} of ${pairs}, one run`);
        whole.push(timed([...EVERYLEAF, 'run', '--workers', '2', '--out', `${out}-whole`]));
        timed([...EVERYLEAF, 'nightly', '--history', history, '--of', `${out}-whole`], { codes: NIGHT_CODES });
        progress(`pair ${round + 1} of ${pairs}, two shards`);
        sharded.push(timed(['bash', '-c', SHARDED, 'shards', out, history, ...EVERYLEAF]));
      }
      const against = (of: (cost: Cost) => number): string =>
        median(sharded.map((cost, i) => of(cost) / of(whole[i] ?? cost))).toFixed(2);
      const row = (what: string, costs: readonly Cost[]) => ({
        what,
        pairs,
        wall: ms(middle(costs).wall),
        cpu: ms(middle(costs).cpu),
      });
      return Promise.resolve([
        {
          title: 'medians; the shards with their merge',
          rows: [
            { ...row('one run, two workers', whole), 'it / one run, wall': '1', 'it / one run, cpu': '1', target: '' },
            {
              ...row('two shards, one worker each', sharded),
              'it / one run, wall': against(({ wall }) => wall),
              'it / one run, cpu': against(({ cpu }) => cpu),
              target: '<= 1',
            },
          ],
        },
      ]);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};
