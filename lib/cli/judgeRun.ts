import { dirname, join, resolve } from 'node:path';
import { runSummary } from '../report/json.js';
import { readReportDetails } from '../report/readDetails.js';
import { renderTerminal } from '../report/terminal.js';
import type { RunReport } from '../run/result.js';
import { writeRunReport } from '../report/write.js';
import { aggregateRun, isRunEvidence } from '../run/aggregate.js';
import { EVIDENCE_FOLDER } from '../run/testRecord.js';
import { cannotWrite } from './cannotWrite.js';
import { exitCodeOf } from './exitCodes.js';
import { tellGithub } from './githubActions.js';
import { print, printJson, wantsColour } from './terminal.js';

/** The evidence folder of a run, given that folder or the run's own; null for anything else. */
export function runEvidenceOf(folder: string): string | null {
  const path = resolve(folder);
  return [path, join(path, EVIDENCE_FOLDER)].find(isRunEvidence) ?? null;
}

/** Prints a run's verdict; the same whether it has just ended or is judged again years later. */
export async function tellRun(
  run: RunReport,
  evidence: string,
  options: { readonly json: boolean; readonly report?: string },
): Promise<void> {
  process.exitCode = exitCodeOf(run.verdict);
  tellGithub({
    sentence: run.sentence,
    annotations:
      run.verdict === 'pass'
        ? []
        : run.reasons.map((text) => ({ level: 'error', title: `everyleaf: ${run.verdict}`, text })),
  });
  const details = readReportDetails(dirname(evidence), run);
  if (options.json)
    await printJson(
      runSummary(run, { evidence: join(run.folder, run.evidence), report: join(run.folder, 'index.html') }),
    );
  else
    await print(
      renderTerminal(run, {
        color: wantsColour(process.stdout),
        width: process.stdout.columns || 100,
        details,
        ...(options.report === undefined ? {} : { report: options.report }),
      }),
    );
}

/**
 * Judges a whole run anew, from its evidence alone, and writes its report again beside the evidence where that is
 * wanted.
 */
export async function judgeRun(
  evidence: string,
  options: { readonly json: boolean; readonly report?: string },
): Promise<void> {
  const run = aggregateRun(evidence);
  const { report } = options;
  if (report === undefined) return tellRun(run, evidence, { json: options.json });
  const written = await writeRunReport(report, run, readReportDetails(dirname(evidence), run)).catch((error: unknown) =>
    cannotWrite(report, error),
  );
  // The verdict is there even when its report is not.
  await tellRun(run, evidence, { json: options.json, ...('page' in written ? { report: written.page } : {}) });
  if (!('page' in written)) throw written;
}
