import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stableJson } from '../evidence/json.js';
import type { EvidenceManifest } from '../evidence/types.js';
import { placeOf } from '../nightly/nightOf.js';
import type { ReportDetails } from '../report/details.js';
import { writeRunReport } from '../report/write.js';
import { readReportDetails } from '../report/readDetails.js';
import { aggregateRun } from '../run/aggregate.js';
import { controlRows } from '../run/controls.js';
import type { RunReport } from '../run/result.js';
import { INVENTORY_FILE, readInventory } from '../inventory/inventory.js';
import { MACHINES_FILE, type MachinesRecord } from '../run/machinesRecord.js';
import type { KeptPlan } from '../run/plan.js';
import { EVIDENCE_FOLDER, PLAN_FILE, TESTS_FILE, type TestsRecord } from '../run/testRecord.js';
import type { Files } from './archive.js';
import { coverageCsv, coverageOf } from './coverage.js';
import { decide } from './decide.js';
import { judgedTrial, type QualifiedRun } from './judged.js';
import { requirePaths } from './paths.js';
import { profileDigest } from './profiles.js';
import { BASELINE_FILE, RELEASE_FILE } from './names.js';
import { parseBaseline, releaseOf } from './release.js';
import { renderRelease } from './releasePage.js';
import { parseRequirements } from './requirements.js';
import { qualificationSentence, statementOf, STATEMENT_FILE, SUBJECT_FILE, type Said } from './statement.js';
import { repeatScript, VERIFY_TEXT } from './texts.js';
import { filesDigest } from './sums.js';
import { parseWaivers } from './waivers.js';

export const REQUIREMENTS_FILE = 'requirements.yaml';
export const WAIVERS_FILE = 'waivers.yaml';

/** All that a bundle is made of. Every other file in it follows from this. */
export interface Given {
  readonly said: Said;
  readonly requirements: string;
  readonly waivers: string;
  /** The evidence of each run, by paths below its evidence folder. */
  readonly runs: readonly Files[];
  /** The release before, as `parseBaseline` reads it; null = none was named. */
  readonly baseline: string | null;
}

export interface Derived {
  /** Every file of the bundle but the sums and their signature. */
  readonly files: Files;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  readonly sentence: string;
}

/** `runs/1` of the first one. */
export function runFolder(index: number): string {
  return `runs/${index + 1}`;
}

function readJson(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

/** Of experiments that left evidence; what cannot be read was refused when it was judged. */
function manifestsOf(report: RunReport, details: ReportDetails): QualifiedRun['manifests'] {
  return Object.fromEntries(
    report.experiments.flatMap(({ id }): [string, EvidenceManifest][] => {
      const found = details.experiment(id);
      return found === null ? [] : [[id, found.manifest]];
    }),
  );
}

/** Judges one run whose evidence lies below a folder, and writes its report there. */
async function judgeRun(folder: string, root: string, files: Files): Promise<QualifiedRun> {
  const evidence = join(root, folder, EVIDENCE_FOLDER);
  const report = aggregateRun(evidence);
  const plan = readJson(evidence, PLAN_FILE) as KeptPlan;
  // Reads each experiment once, for the page and for what follows.
  const details = readReportDetails(join(root, folder), report);
  await writeRunReport(join(root, folder), report, details);
  return {
    folder,
    report,
    plan,
    record: readJson(evidence, TESTS_FILE) as TestsRecord,
    machines: existsSync(join(evidence, MACHINES_FILE)) ? (readJson(evidence, MACHINES_FILE) as MachinesRecord) : null,
    inventory: existsSync(join(evidence, INVENTORY_FILE))
      ? readInventory(readFileSync(join(evidence, INVENTORY_FILE), 'utf8'))
      : null,
    manifests: manifestsOf(report, details),
    place: placeOf(plan),
    evidence: filesDigest(files),
  };
}

/** Values that differ, each once, in an order of their own. */
function distinct(values: readonly unknown[]): readonly unknown[] {
  return [...new Set(values.map(stableJson))].sort().map((text) => JSON.parse(text) as unknown);
}

function inventory(runs: readonly QualifiedRun[]): unknown {
  return runs.map(({ folder, plan, place, machines, inventory: asked, manifests }) => ({
    run: folder,
    place,
    environment: plan.environment,
    inputs: plan.inputs ?? {},
    seen: distinct(Object.values(manifests).map(({ environment }) => environment)),
    machines:
      machines ??
      'none that others use: each lab was made for its experiment, and nothing of it was there before or after',
    // Each command and what it said, to the letter.
    asked: asked?.parts ?? [],
    // What a fact sums up stays in the evidence.
    audit: distinct(
      Object.values(manifests).flatMap(({ audit }) =>
        audit.map(({ name, ok, value, command }) => ({ name, ok, value, command })),
      ),
    ),
  }));
}

function calibration(runs: readonly QualifiedRun[]): unknown {
  return runs.map(({ folder, manifests }) => ({
    run: folder,
    vantages: distinct(Object.values(manifests).flatMap(({ vantages }) => (vantages === undefined ? [] : [vantages]))),
    clocks: distinct(Object.values(manifests).flatMap(({ clocks }) => clocks ?? [])),
  }));
}

function subject(runs: readonly QualifiedRun[]): string {
  return stableJson(
    runs.map(({ folder, report, plan, manifests }) => ({
      run: folder,
      replicator: report.replicator,
      inputs: plan.inputs ?? {},
      installed: plan.installed ?? null,
      profiles: distinct(Object.values(manifests).map(({ profile }) => ({ digest: profileDigest(profile), profile }))),
    })),
  );
}

/**
 * Makes every file of a bundle from what it is made of, and decides anew. The maker and the verifier of a bundle do the
 * same here, so that nothing in it is believed.
 * @param root an empty folder, for the evidence while it is judged
 * @throws whatever reading broken evidence, requirements or waivers throws
 */
export async function derive(
  { said, requirements, waivers, runs: given, baseline }: Given,
  root: string,
): Promise<Derived> {
  const demanded = parseRequirements(requirements, REQUIREMENTS_FILE);
  const excused = parseWaivers(waivers, WAIVERS_FILE);
  const before = baseline === null ? null : parseBaseline(baseline);
  const files = new Map<string, Uint8Array>();
  const text = (path: string, content: string): void => void files.set(path, Buffer.from(content));
  const runs: QualifiedRun[] = [];
  for (const [i, evidence] of given.entries()) {
    const folder = runFolder(i);
    // Before a path is joined with a folder of this machine.
    requirePaths(evidence.keys());
    for (const [path, content] of evidence) {
      const file = join(root, folder, EVIDENCE_FOLDER, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      files.set(`${folder}/${EVIDENCE_FOLDER}/${path}`, content);
    }
    runs.push(await judgeRun(folder, root, evidence));
    for (const name of ['run.json', 'junit.xml', 'index.html'])
      files.set(`${folder}/${name}`, readFileSync(join(root, folder, name)));
  }
  const day = said.createdAt.toISOString().slice(0, 10);
  const judged = runs.flatMap((run) =>
    run.report.experiments
      .filter(({ intent }) => intent.type === 'qualify')
      .map((trial) => judgedTrial(run, trial, excused, day)),
  );
  const coverage = coverageOf(demanded, runs, judged);
  const decision = decide({
    runs,
    judged,
    requirements: demanded,
    coverage,
    waivers: excused,
    createdAt: said.createdAt,
  });
  const input = {
    said,
    runs,
    judged,
    coverage,
    waivers: excused,
    decision,
    files: {
      [REQUIREMENTS_FILE]: requirements,
      [WAIVERS_FILE]: waivers,
      [SUBJECT_FILE]: subject(runs),
      ...(baseline === null ? {} : { [BASELINE_FILE]: baseline }),
    },
  } as const;
  for (const [name, content] of Object.entries(input.files)) text(name, content);
  text(STATEMENT_FILE, stableJson(statementOf(input)));
  text('coverage.csv', coverageCsv(coverage));
  text(
    'controls.json',
    stableJson(runs.map(({ folder, report }) => ({ run: folder, controls: controlRows(report.controls) }))),
  );
  text('inventory.json', stableJson(inventory(runs)));
  text('calibration.json', stableJson(calibration(runs)));
  text('repeat.sh', repeatScript(runs));
  text('VERIFY.md', VERIFY_TEXT);
  const sentence = qualificationSentence(input);
  const release = releaseOf({ said, runs, coverage, sentence, isQualified: decision.problems.length === 0 });
  text(RELEASE_FILE, stableJson(release));
  text('index.html', renderRelease({ release, runs, coverage, decision, baseline: before }));
  return { files, ...decision, sentence };
}
