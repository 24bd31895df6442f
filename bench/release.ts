import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stableJson } from '../lib/evidence/json.js';
import { unpackGolden } from '../lib/evidence/testing/golden.js';
import { splitIntoShards } from '../lib/evidence/testing/goldenShards.js';
import { INVENTORY_FILE } from '../lib/inventory/inventory.js';
import { historyFile } from '../lib/nightly/historyFile.js';
import { nightLine } from '../lib/nightly/night.js';
import { yearOfNights } from '../lib/nightly/testing/year.js';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import { makeSigner } from '../lib/qualification/testing/signer.js';
import { SAMPLE_INVENTORY } from '../lib/qualification/testing/smallRun.js';
import { middle, timed, type Cost } from './cost.js';
import { scratchFolder } from './scratch.js';
import { median, ms } from './statistics.js';
import type { Bench, Row } from './types.js';

const SHARDS = 8;
/** Pass, and what a verifier may say of a run of another version; all of them have judged everything. */
const CODES = [0, 1, 3];

const everyleaf = (args: readonly string[]): Cost =>
  timed([process.execPath, join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), ...args], { codes: CODES });

interface Peer {
  readonly what: string;
  readonly target: string;
  /** A new command line for each round. */
  readonly args: (round: number) => readonly string[];
}

/** What is done with a default run after it: verified, compared with a year, merged. Beside `judge` of the same run. */
export const releaseBench: Bench = {
  name: 'release',
  title: 'what is done with the evidence of a default run, each in turns with judge FOLDER of the same',
  run({ progress, pairs }) {
    const scratch = scratchFolder();
    try {
      const evidence = unpackGolden(scratch);
      writeFileSync(join(evidence, INVENTORY_FILE), stableJson(SAMPLE_INVENTORY));
      const shards = splitIntoShards(evidence, scratch, SHARDS);
      const { key, signers } = makeSigner(scratch, 'key');
      const { tests } = JSON.parse(readFileSync(join(evidence, 'tests.json'), 'utf8')) as {
        readonly tests: readonly { readonly scenario: string }[];
      };
      const requirements = join(scratch, 'requirements.yaml');
      const scenarios = [...new Set(tests.map(({ scenario }) => scenario))];
      writeFileSync(requirements, stableJson([{ id: 'ALL', text: 'every scenario', scenarios }]));
      const bundle = join(scratch, 'release.zip');
      everyleaf(['qualify', evidence, '--requirements', requirements, '--sign', key, '--out', bundle]);
      const year = join(scratch, 'year');
      mkdirSync(year);
      writeFileSync(historyFile(year, 'netns'), yearOfNights().map(nightLine).join(''));
      const peers: readonly Peer[] = [
        {
          what: 'verify of its bundle',
          target: '<= 1.5 times judge',
          args: () => ['verify', bundle, '--signers', signers],
        },
        {
          what: 'nightly --of it, with a year of 200 tests',
          target: '<= 2000 ms beyond judge',
          args: (round) => {
            cpSync(year, join(scratch, `year-${round}`), { recursive: true });
            return ['nightly', '--history', join(scratch, `year-${round}`), '--of', evidence];
          },
        },
        {
          what: `merge of ${SHARDS} shards`,
          target: '<= 2000 ms beyond judge',
          args: (round) => ['merge', join(scratch, `merged-${round}`), ...shards],
        },
      ];
      const rows = peers.map(({ what, target, args }): Row => {
        const [own, judge]: [Cost[], Cost[]] = [[], []];
        for (let round = 0; round < pairs; round++) {
          progress(`${what}: pair ${round + 1} of ${pairs}`);
          judge.push(everyleaf(['judge', evidence]));
          own.push(everyleaf(args(round)));
        }
        const against = (of: (cost: Cost, peer: Cost) => number): number =>
          median(own.map((cost, i) => of(cost, judge[i] ?? cost)));
        return {
          what,
          pairs,
          wall: ms(middle(own).wall),
          judge: ms(middle(judge).wall),
          'it / judge, wall': against((a, b) => a.wall / b.wall).toFixed(2),
          'it / judge, cpu': against((a, b) => a.cpu / b.cpu).toFixed(2),
          'beyond judge': ms(against((a, b) => a.wall - b.wall)),
          target,
        };
      });
      const size = execFileSync('du', ['-sk', bundle], { encoding: 'utf8' }).split('\t')[0] ?? '';
      return Promise.resolve([{ title: `medians; the bundle has ${(Number(size) / 1_000).toFixed(0)} MB`, rows }]);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};
