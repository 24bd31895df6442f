import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import type { KeptPlan } from '../run/plan.js';
import { PLAN_FILE } from '../run/testRecord.js';
import { UserError } from '../userError.js';
import { ALLURE_FOLDER, needAllure, writeRunsAllurePage } from './allureOfRun.js';
import { EXIT } from './exitCodes.js';
import { runEvidenceOf } from './judgeRun.js';
import { readKnown, requireHistory, tellNight } from './nightOfRun.js';
import { tellShard, withDurations } from './shardOfRun.js';
import { runAsked, withRunOptions } from './run.js';

const NIGHTLY_HELP = `
Each run is one line of HISTORY/<binding or testbed>.jsonl. Exit 0: nothing new. 1: a new failure, an entry that is
over, a flake, a test that vanished or is no longer judged. What each word means: docs/nightly.md

  everyleaf nightly --history history --known known.yaml
  everyleaf nightly --history history --of reports/out/<run>`;

/** Adds `nightly`: a run, or one that was made already, compared with those before it. */
export function registerNightly(program: Command): void {
  withRunOptions(
    program
      .command('nightly')
      .description('run, compare with the runs before, and remember: what is new, known, or gone'),
  )
    .requiredOption('--history <folder>', 'where the histories are, one file for each binding or testbed')
    .option('--known <file>', 'known failures, each with a finding, an owner and a last day')
    .option('--of <folder>', 'do not run: take this run, or its evidence')
    .option('--json', 'print one JSON object')
    .addHelpText('after', NIGHTLY_HELP)
    .action(async (options, command) => {
      const { history, of, json } = options;
      const asked = { folder: resolve(history), known: readKnown(options.known), json: json === true };
      if (of !== undefined) {
        refuseRunOptions(
          command.options.flatMap((one) => (isTyped(command, one.attributeName()) ? [one.long ?? ''] : [])),
        );
        const evidence = runEvidenceOf(of);
        if (evidence === null)
          throw new UserError(`${of} is no run: it has no plan.json`, 'name the folder of a run, or its evidence');
        const folder = dirname(evidence);
        if (options.allure === true) {
          needAllure();
          if (!existsSync(join(folder, ALLURE_FOLDER)))
            throw new UserError(`${of} holds no results for Allure`, 'leave out --allure');
        }
        await tellNight(evidence, asked);
        if (options.allure === true) await writeRunsAllurePage(folder, readPlan(evidence), asked.folder);
        return;
      }
      // Before minutes of work go into a night that cannot be compared.
      requireHistory(asked.folder);
      const shard = options.shard === undefined ? undefined : withDurations(options.shard, asked.folder);
      const { runFolder, end } = await runAsked({ ...options, shard, history: asked.folder });
      if (shard !== undefined) {
        await tellShard(runFolder, shard, { json: asked.json });
        if (end.interrupted) process.exitCode = EXIT.interrupted;
        return;
      }
      const evidence = runEvidenceOf(runFolder);
      if (evidence === null) throw new UserError(`${runFolder} holds no run`, null, EXIT.infrastructure);
      await tellNight(evidence, asked);
      if (end.interrupted) process.exitCode = EXIT.interrupted;
    });
}

function readPlan(evidence: string): KeptPlan {
  return JSON.parse(readFileSync(join(evidence, PLAN_FILE), 'utf8')) as KeptPlan;
}

function isTyped(command: { getOptionValueSource(key: string): string | undefined }, key: string): boolean {
  return command.getOptionValueSource(key) === 'cli';
}

/** A run that was made already is what it is. */
function refuseRunOptions(typed: readonly string[]): void {
  const [first] = typed.filter((name) => !['--history', '--known', '--of', '--json', '--allure'].includes(name));
  if (first !== undefined)
    throw new UserError(`${first} does not apply to a run that was made already`, 'leave it out, or leave out --of');
}
