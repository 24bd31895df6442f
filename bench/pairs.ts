import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import { middle, type Cost } from './cost.js';
import { OLD_COMMIT, oldBuild } from './oldBuild.js';
import { ms } from './statistics.js';
import type { BenchOptions, Row } from './types.js';

/** Measures this build and the old one in turns, so that other load on the machine affects both. */
export function againstOld(
  what: string,
  measure: (folder: string) => Cost,
  { progress, pairs }: BenchOptions,
  target: string,
): readonly Row[] {
  using old = oldBuild(progress);
  const [ours, theirs]: [Cost[], Cost[]] = [[], []];
  for (let pair = 0; pair < pairs; pair++) {
    progress(`${what}: pair ${pair + 1} of ${pairs}, this build`);
    ours.push(measure(PACKAGE_ROOT));
    progress(`${what}: pair ${pair + 1} of ${pairs}, ${OLD_COMMIT}`);
    theirs.push(measure(old.folder));
  }
  const [now, before] = [middle(ours), middle(theirs)];
  const row = (build: string, cost: Cost): Row => ({
    what,
    build,
    runs: pairs,
    wall: ms(cost.wall),
    cpu: ms(cost.cpu),
    'wall / old': (cost.wall / before.wall).toFixed(2),
    'cpu / old': (cost.cpu / before.cpu).toFixed(2),
    target: cost === now ? target : '',
  });
  return [row('this', now), row(OLD_COMMIT, before)];
}
