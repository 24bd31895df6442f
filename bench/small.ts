import { HOSTS, judgeLine, withCaptures } from './captures.js';
import { middle, timed, type Cost } from './cost.js';
import { OLD_COMMIT, oldBuild } from './oldBuild.js';
import { median, ms } from './statistics.js';
import type { Bench, Row } from './types.js';

const FRAMES = 10_000;

/** Small captures are all start-up: node itself is what they are measured by. */
export const smallBench: Bench = {
  name: 'small',
  title: 'judging two small captures, the whole command',
  async run({ progress, pairs }) {
    using old = oldBuild(progress);
    const rows = await withCaptures(2, FRAMES, (made, folder): Row[] => {
      const lines = {
        'node -e 0': [process.execPath, '-e', '0'],
        'everyleaf judge': judgeLine(made, folder),
        [`everyleaf judge, build of ${OLD_COMMIT}`]: judgeLine(made, folder, old.folder),
      };
      const costs = new Map<string, Cost[]>(Object.keys(lines).map((what) => [what, []]));
      for (let round = 0; round < pairs; round++) {
        progress(`round ${round + 1} of ${pairs}`);
        for (const [what, line] of Object.entries(lines)) costs.get(what)?.push(timed(line));
      }
      const [node = []] = costs.values();
      const times = (own: readonly Cost[], of: (cost: Cost) => number): string =>
        median(own.map((cost, i) => of(cost) / of(node[i] ?? cost))).toFixed(2);
      return [...costs].map(([what, own]) => ({
        what,
        runs: own.length,
        wall: ms(middle(own).wall),
        cpu: ms(middle(own).cpu),
        'it / node, wall': times(own, ({ wall }) => wall),
        'it / node, cpu': times(own, ({ cpu }) => cpu),
        target: what === 'everyleaf judge' ? 'it / node <= 2' : '',
      }));
    });
    return [{ title: `two captures of ${FRAMES} frames each, ${HOSTS} hosts`, rows }];
  },
};
