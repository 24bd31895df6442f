import { againstOld } from './pairs.js';
import { timed } from './cost.js';
import type { Bench } from './types.js';

export const testsBench: Bench = {
  name: 'tests',
  title: 'npm test in a built checkout, every test',
  run: (options) =>
    Promise.resolve([
      {
        title: 'Tests that a build has more than the old one are part of its figure',
        rows: againstOld(
          'npm test',
          (folder) => timed(['npm', 'test', '--silent'], { folder }),
          options,
          'cpu / old <= 0.45',
        ),
      },
    ]),
};
