import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { judgeEvidence } from '../evidence/judge.js';
import { stableJson } from '../evidence/json.js';
import { MANIFEST_FILE, readEvidence } from '../evidence/read.js';
import { judgementText } from '../judge/text.js';
import type { Judgement } from '../judge/types.js';
import { ProfileError } from '../profile/error.js';
import { parseProfile } from '../profile/parse.js';
import { profileNamed } from '../profile/registry.js';
import type { Profile } from '../profile/types.js';
import { UserError } from '../userError.js';
import { exitCodeOf } from './exitCodes.js';
import { judgeRun, runEvidenceOf } from './judgeRun.js';
import { print } from './terminal.js';

/** Adds `judge`: a verdict from an evidence folder. */
export function registerJudge(program: Command): void {
  program
    .command('judge')
    .description('judge an evidence folder again')
    .argument('<folder>', 'evidence folder of a run, or of one experiment')
    .option('--profile <name or file>', 'who must replicate what; the evidence has one of its own')
    .option('--json', 'print the judgement as JSON')
    .action(async (folder, { profile, json }) => {
      const run = runEvidenceOf(folder);
      if (run !== null) return judgeRun(run, { json: json === true });
      const judgement = judgeFolder(folder, profile === undefined ? undefined : await loadProfile(profile));
      process.exitCode = exitCodeOf(judgement.verdict);
      // Byte for byte what the run kept as judgement.json.
      await (json === true ? print(stableJson(judgement).trimEnd()) : print(judgementText(judgement)));
    });
}

/** Whether a path holds the evidence of one experiment. */
export function isEvidenceFolder(path: string): boolean {
  return existsSync(join(path, MANIFEST_FILE));
}

function judgeFolder(folder: string, profile: Profile | undefined): Judgement {
  if (!existsSync(folder)) throw new UserError(`${folder}: no such file or folder`);
  if (!statSync(folder).isDirectory()) throw new UserError(`${folder} is no evidence folder`);
  return judgeEvidence(readEvidence(folder), profile);
}

/** A built-in profile by name, or a file of the user's own. */
export async function loadProfile(nameOrFile: string): Promise<Profile> {
  try {
    if (!['.yaml', '.yml'].includes(extname(nameOrFile))) return profileNamed(nameOrFile);
    return parseProfile(await readFile(nameOrFile, 'utf8'), nameOrFile);
  } catch (error) {
    if (error instanceof ProfileError) throw new UserError(error.message);
    throw new UserError(`${nameOrFile}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
