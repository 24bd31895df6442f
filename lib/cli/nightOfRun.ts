import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readTextFile, TextFileError } from '../files.js';
import { compareNight, type Comparison } from '../nightly/compare.js';
import { appendNight, historyFile, readHistory } from '../nightly/historyFile.js';
import { renderHistory } from '../nightly/historyPage.js';
import { parseKnown, type KnownEntry } from '../nightly/known.js';
import type { Night } from '../nightly/night.js';
import { nightOf, placeOf } from '../nightly/nightOf.js';
import { nightSentence, nightText } from '../nightly/text.js';
import { readReportDetails } from '../report/readDetails.js';
import type { JunitProperties } from '../report/junit.js';
import { writeRunReport } from '../report/write.js';
import type { RunReport } from '../run/result.js';
import { aggregateRun } from '../run/aggregate.js';
import type { KeptPlan } from '../run/plan.js';
import { PLAN_FILE } from '../run/testRecord.js';
import { UserError } from '../userError.js';
import { cannotWrite } from './cannotWrite.js';
import { EXIT, exitCodeOf } from './exitCodes.js';
import { tellGithub } from './githubActions.js';
import { print, printJson } from './terminal.js';

/** The runner's own files: where they are is a run's folder. */
const RUNNER_FOLDER = 'runner';

/** Beside the report of the run. */
const HISTORY_PAGE = 'history.html';

/** What a night is told with. */
export interface NightAsked {
  /** Of the histories; absolute. */
  readonly folder: string;
  readonly known: readonly KnownEntry[];
  readonly json: boolean;
}

/** Throws UserError where the known failures cannot be read. */
export function readKnown(file: string | undefined): readonly KnownEntry[] {
  if (file === undefined) return [];
  try {
    return parseKnown(readTextFile(file), file);
  } catch (error) {
    if (error instanceof TextFileError) throw new UserError(`known failures ${file}: ${error.message}`);
    throw error;
  }
}

/** Throws UserError where a history in this folder is not understood. */
export function requireHistory(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new UserError(`${folder} is a file`, 'name a folder with --history');
  for (const name of readdirSync(folder)) if (name.endsWith('.jsonl')) readHistory(join(folder, name));
}

/** The exit code of a night. What is known does not count; where nothing was judged, the run's own verdict does. */
export function nightExit(night: Night, { items, isJudged }: Comparison): number {
  if (items.some(({ gates }) => gates)) return EXIT.fail;
  if (!isJudged) return night.verdict === 'pass' ? EXIT.inconclusive : exitCodeOf(night.verdict);
  return EXIT.pass;
}

/** The nights before this one; whether it is there already. */
function before(
  nights: readonly Night[],
  night: Night,
): { readonly earlier: readonly Night[]; readonly isThere: boolean } {
  const same = nights.find(({ run }) => run === night.run);
  if (same !== undefined && same.evidence !== night.evidence)
    throw new UserError(
      `run ${night.run} is in the history with other evidence (${same.evidence}, here ${night.evidence})`,
      'a second try is a run of its own; it never replaces the first',
    );
  return { earlier: nights.filter(({ at, run }) => run !== night.run && at <= night.at), isThere: same !== undefined };
}

/** What a history says of each test, for those who read JUnit: `everyleaf.night` = `known`, `new failure`, and so on. */
function junitProperties({ items }: Comparison): JunitProperties {
  const properties = new Map<string, readonly (readonly [string, string])[]>();
  for (const { test, word, sentence } of items)
    properties.set(test, [
      ...(properties.get(test) ?? []),
      ['everyleaf.night', word],
      ['everyleaf.night.sentence', sentence],
    ]);
  return properties;
}

/** Writes the report of a run, and the page of its history, into its folder; evidence that lies elsewhere gets none. */
async function writeReport(
  evidence: string,
  run: RunReport,
  history: () => string,
  properties: JunitProperties,
): Promise<{ readonly page: string | null; readonly error: UserError | null }> {
  const folder = dirname(evidence);
  if (!existsSync(join(folder, RUNNER_FOLDER)) && !existsSync(join(folder, 'run.json')))
    return { page: null, error: null };
  try {
    const { page } = await writeRunReport(folder, run, readReportDetails(folder, run), properties);
    writeFileSync(join(folder, HISTORY_PAGE), history());
    return { page, error: null };
  } catch (error) {
    return { page: null, error: cannotWrite(folder, error) };
  }
}

/** A night that is in the history, and what is to be said about it. */
export interface TakenNight {
  readonly night: Night;
  readonly comparison: Comparison;
  /** The history that it is in. */
  readonly history: string;
  /** The report; null where the run has no folder. */
  readonly page: string | null;
  /** Why there is no report. What is new is said even then. */
  readonly reportError: UserError | null;
}

/**
 * Judges a run, compares it with the nights before it, and appends it to the history.
 * @param evidence its evidence folder
 * @throws UserError where the history is not understood or cannot be written; nothing is appended then
 */
export async function takeNight(evidence: string, { folder, known }: Omit<NightAsked, 'json'>): Promise<TakenNight> {
  requireHistory(folder);
  const run = aggregateRun(evidence);
  const place = placeOf(JSON.parse(readFileSync(join(evidence, PLAN_FILE), 'utf8')) as KeptPlan);
  const file = historyFile(folder, place);
  const night = nightOf(run, evidence);
  const { nights, torn } = readHistory(file);
  const { earlier, isThere } = before(nights, night);
  const compared = compareNight({
    nights: earlier,
    night,
    known,
    place,
    today: new Date().toISOString().slice(0, 10),
  });
  const comparison = {
    ...compared,
    notes: [
      ...torn,
      ...(isThere ? [`Run ${night.run} is in the history already: nothing was appended.`] : []),
      ...compared.notes,
    ],
  };
  if (!isThere)
    try {
      appendNight(folder, place, night);
    } catch (error) {
      throw cannotWrite(file, error);
    }
  const report = await writeReport(
    evidence,
    run,
    () => renderHistory(place, [...earlier, night], comparison),
    junitProperties(comparison),
  );
  return { night, comparison, history: file, page: report.page, reportError: report.error };
}

/**
 * Takes a run into the history, and prints what is new. Sets the exit code.
 * @param evidence its evidence folder
 * @throws UserError where history or known failures are not understood; nothing is appended then
 */
export async function tellNight(evidence: string, { folder, known, json }: NightAsked): Promise<void> {
  const { night, comparison, history, page, reportError } = await takeNight(evidence, { folder, known });
  process.exitCode = nightExit(night, comparison);
  tellGithub({
    sentence: nightSentence(night, comparison),
    annotations: comparison.items.map(({ word, test, sentence, gates }) => ({
      level: gates ? 'error' : 'notice',
      title: `${word}: ${test}`,
      text: sentence,
    })),
  });
  if (json)
    await printJson({
      run: night.run,
      verdict: night.verdict,
      exitCode: process.exitCode,
      sentence: nightSentence(night, comparison),
      history,
      report: page,
      ...comparison,
    });
  else
    await print(`${nightText(night, comparison)}\n  history: ${history}${page === null ? '' : `\n  report: ${page}`}`);
  // What is new was said even when its report cannot be written.
  if (reportError !== null) throw reportError;
}
