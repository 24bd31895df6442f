import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { mergeShards } from '../run/mergeShards.js';
import type { KeptPlan } from '../run/plan.js';
import { EVIDENCE_FOLDER, PLAN_FILE } from '../run/testRecord.js';
import { UserError } from '../userError.js';
import { ALLURE_FOLDER, settleAllure } from './allureOfRun.js';
import { judgeRun, runEvidenceOf } from './judgeRun.js';
import { makeRunFolder } from './runFolder.js';

const MERGE_HELP = `
All shards are judged as one run, controls and all. A shard that is missing: exit 69, and what it should have tried is
reported as never tried.

  everyleaf run --shard 1/2 --out shard-1    (on one machine)
  everyleaf run --shard 2/2 --out shard-2    (on another)
  everyleaf merge out shard-1 shard-2`;

/** Adds `merge`: shards of a run, judged as one. */
export function registerMerge(program: Command): void {
  program
    .command('merge')
    .description('unite the shards of a run, which run --shard made, and judge them as one')
    .argument('<out>', 'folder of the whole run; it may not hold one yet')
    .argument('<folder...>', 'folders of the shards, in any order')
    .option('--json', 'print one JSON object')
    .addHelpText('after', MERGE_HELP)
    .action(async (out, folders, { json }) => {
      const shards = folders.map((name) => {
        const evidence = runEvidenceOf(name);
        if (evidence === null)
          throw new UserError(`${name} is no run: it has no plan.json`, 'name the folder of a shard');
        return { name, evidence };
      });
      const folder = resolve(out);
      const evidence = join(folder, EVIDENCE_FOLDER);
      const made = makeRunFolder(folder);
      try {
        const { notes } = mergeShards(shards, { folder, evidence });
        for (const one of notes) process.stderr.write(`everyleaf: ${one}\n`);
      } catch (error) {
        made.discard();
        throw error;
      }
      // Their names are unique.
      for (const name of folders) {
        const results = join(name, ALLURE_FOLDER);
        if (existsSync(results)) cpSync(results, join(folder, ALLURE_FOLDER), { recursive: true });
      }
      settleAllure(folder, JSON.parse(readFileSync(join(evidence, PLAN_FILE), 'utf8')) as KeptPlan);
      await judgeRun(evidence, { json: json === true, report: folder });
    });
}
