import { judgeEvidence } from '../evidence/judge.js';
import { stableJson } from '../evidence/json.js';
import { readEvidence } from '../evidence/read.js';
import { judgementText } from '../judge/tell/text.js';
import type { Profile } from '../profile/types.js';
import { UserError } from '../userError.js';
import { exitCodeOf } from './exitCodes.js';
import { judgeRun, runEvidenceOf } from './judgeRun.js';
import { print } from './terminal.js';

/** Judges the evidence of a run, or of one experiment, again. */
export async function judgeFolder(
  folder: string,
  { profile, json }: { readonly profile: Profile | undefined; readonly json: boolean },
): Promise<void> {
  const run = runEvidenceOf(folder);
  if (run !== null) {
    if (profile !== undefined)
      throw new UserError(
        '--profile does not apply to a run, whose experiments each have their own',
        `name one of them: ${run}/<experiment>`,
      );
    await judgeRun(run, { json });
    return;
  }
  const judgement = judgeEvidence(readEvidence(folder), profile);
  process.exitCode = exitCodeOf(judgement.verdict);
  // Byte for byte what the run kept as judgement.json.
  await print(json ? stableJson(judgement).trimEnd() : judgementText(judgement));
}
