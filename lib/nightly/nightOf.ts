import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { folderDigest } from '../evidence/digest.js';
import { stableJson } from '../evidence/json.js';
import { worstOf } from '../judge/tell/verdict.js';
import { MACHINES_FILE, reasonsAgainst, type MachinesRecord } from '../run/machinesRecord.js';
import type { KeptPlan } from '../run/plan.js';
import type { RunReport } from '../run/result.js';
import { PLAN_FILE, TESTS_FILE, type TestsRecord } from '../run/testRecord.js';
import { UserError } from '../userError.js';
import type { Night, NightTest } from './night.js';
import { testsOfRun, wholeRunSignature } from './signatures.js';

/** The test that stands for what concerns no single test: machines that were left otherwise, a runner that broke. */
export const WHOLE_RUN = 'the run as a whole';

/** The name of the history to which a run belongs: that of its binding, else of its testbed. */
export function placeOf({ bindingFile, testbed = 'netns' }: KeptPlan): string {
  return bindingFile === undefined ? testbed : basename(bindingFile).replace(/\.ya?ml$/, '');
}

/** What a run was asked for, apart from where, when, and by how many workers. */
function planDigest(plan: KeptPlan): string {
  const { dataPlane, modes, controlMode, controls, standIns, suites, scenarios, longest, extended } = plan;
  const asked = {
    dataPlane,
    modes: [...modes].sort(),
    controlMode,
    controls,
    standIns,
    suites,
    scenarios,
    longest,
    extended,
    topology: basename(plan.topologyFile),
    replicator: basename(plan.replicator),
  };
  return `sha256:${createHash('sha256').update(stableJson(asked)).digest('hex')}`;
}

function readJson(evidence: string, name: string): unknown {
  return JSON.parse(readFileSync(join(evidence, name), 'utf8'));
}

/** Reasons against the run as a whole, which no test of it shows. */
function wholeRun(run: RunReport, record: TestsRecord, evidence: string, tests: readonly NightTest[]): NightTest {
  const machines = existsSync(join(evidence, MACHINES_FILE))
    ? reasonsAgainst(readJson(evidence, MACHINES_FILE) as MachinesRecord)
    : [];
  const reasons = [...machines, ...record.errors];
  const said = (verdict: NightTest['verdict'], list: readonly string[]): NightTest => ({
    verdict,
    ms: record.durationMs,
    signatures: [...new Set(list.map((reason) => wholeRunSignature(verdict, reason)))].sort(),
    notJudged: [],
  });
  if (reasons.length > 0) return said('blocked', reasons);
  // Nothing else is known to speak against a whole run; were there something, it must not be lost here.
  const own = worstOf(tests.map(({ verdict }) => verdict));
  return own === run.verdict || run.verdict === 'pass' || run.verdict === 'skipped'
    ? said('pass', [])
    : own === 'pass' || own === 'skipped'
      ? said(run.verdict, run.reasons.length > 0 ? run.reasons : [run.sentence])
      : said('pass', []);
}

/**
 * A judged run as a night of a history. Throws UserError where it was cut short: what never ran would look as if it had
 * vanished.
 * @param evidence its evidence folder
 */
export function nightOf(run: RunReport, evidence: string): Night {
  const plan = readJson(evidence, PLAN_FILE) as KeptPlan;
  const record = readJson(evidence, TESTS_FILE) as TestsRecord;
  if (record.status === 'interrupted' || record.status === 'running')
    throw new UserError(
      `the run ${run.run} was cut short, and is no night: nothing was appended to the history`,
      'run it again',
      69,
    );
  const tests = testsOfRun(run);
  return {
    run: run.run,
    at: run.startedAt,
    verdict: run.verdict,
    sentence: run.sentence,
    plan: planDigest(plan),
    inputs: { ...plan.environment, ...plan.inputs, replicator: run.replicator },
    tests: { ...tests, [WHOLE_RUN]: wholeRun(run, record, evidence, Object.values(tests)) },
    evidence: folderDigest(evidence),
  };
}
