import { z } from 'zod';
import type { CoverageRow } from './coverage.js';
import type { Decision } from './decide.js';
import { BundleError } from './error.js';
import type { JudgedTrial, QualifiedRun } from './judged.js';
import { BASELINE_FILE } from './names.js';
import { sha256 } from './sums.js';
import type { Waiver } from './waivers.js';

export const STATEMENT_FILE = 'STATEMENT.json';

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
/** https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md */
const PREDICATE_TYPE = 'https://in-toto.io/attestation/test-result/v0.1';

/** What a signer says, and nothing else can show. */
export interface Said {
  /** When the statement was made. */
  readonly createdAt: Date;
  /** The version of everyleaf that made it. */
  readonly version: string;
  /** `sha256:...` of the files of that everyleaf: builds of one version can differ. Missing in bundles of older ones. */
  readonly build?: string;
}

/** What was qualified: what its digest in the statement is of. */
export const SUBJECT_FILE = 'subject.json';

export interface StatementInput {
  readonly said: Said;
  readonly runs: readonly QualifiedRun[];
  readonly judged: readonly JudgedTrial[];
  readonly coverage: readonly CoverageRow[];
  readonly waivers: readonly Waiver[];
  readonly decision: Decision;
  /** Texts as they are in the bundle. */
  readonly files: Readonly<Record<'requirements.yaml' | 'waivers.yaml' | typeof SUBJECT_FILE, string>> &
    Readonly<Partial<Record<typeof BASELINE_FILE, string>>>;
}

/** The verdict as one sentence for a release manager. */
export function qualificationSentence({ runs, coverage, decision, waivers }: StatementInput): string {
  const replicator = runs[0]?.report.replicator ?? 'nothing';
  const covered = coverage.filter(({ verdict }) => verdict === 'pass' || verdict === 'waived').length;
  const waived = waivers.length === 0 ? '' : `, with ${waivers.length} ${waivers.length === 1 ? 'waiver' : 'waivers'}`;
  const shown = `${covered} of ${coverage.length} cells of the requirements are shown`;
  return decision.problems.length === 0
    ? `${replicator} is qualified${waived}: ${shown}, by ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}.`
    : `${replicator} is not qualified: ${decision.problems.length} reasons; ${shown}.`;
}

/** An in-toto statement. Whatever is no pass, and is not waived, is FAILED. */
export function statementOf(input: StatementInput): unknown {
  const { said, runs, judged, decision, files, waivers } = input;
  const isQualified = decision.problems.length === 0;
  const named = (wanted: (one: JudgedTrial) => boolean): readonly string[] =>
    judged
      .filter(wanted)
      .map(({ run, name }) => `${run}: ${name}`)
      .sort();
  const isWaived = judged.some(({ verdict }) => verdict === 'waived');
  const digest = (name: keyof typeof files): object => ({ name, digest: { sha256: sha256(files[name] ?? '') } });
  return {
    _type: STATEMENT_TYPE,
    subject: [
      { name: `replicator ${runs[0]?.report.replicator ?? ''}`, digest: { sha256: sha256(files[SUBJECT_FILE]) } },
    ],
    predicateType: PREDICATE_TYPE,
    predicate: {
      result: isQualified ? (isWaived ? 'WARNED' : 'PASSED') : 'FAILED',
      configuration: [
        digest('requirements.yaml'),
        digest('waivers.yaml'),
        ...(files[BASELINE_FILE] === undefined ? [] : [digest(BASELINE_FILE)]),
        ...runs.map(({ folder, evidence }) => ({
          name: `${folder}/evidence`,
          digest: { sha256: evidence.replace('sha256:', '') },
        })),
      ],
      passedTests: named(({ verdict }) => verdict === 'pass'),
      warnedTests: named(({ verdict }) => verdict === 'waived'),
      failedTests: named(({ verdict }) => verdict !== 'pass' && verdict !== 'waived'),
      everyleaf: {
        version: said.version,
        ...(said.build === undefined ? {} : { build: said.build }),
        createdAt: said.createdAt.toISOString(),
        qualified: isQualified,
        sentence: qualificationSentence(input),
        problems: decision.problems,
        notes: decision.notes,
        waivers,
        runs: runs.map(({ folder, report, place, evidence }) => ({
          folder,
          run: report.run,
          startedAt: report.startedAt,
          place,
          topology: report.topology,
          profile: report.profile,
          verdict: report.verdict,
          sentence: report.sentence,
          evidence,
        })),
      },
    },
  };
}

const saidSchema = z.object({
  predicate: z.object({
    everyleaf: z.object({
      qualified: z.boolean(),
      version: z.string().regex(/^[0-9A-Za-z.+-]{1,64}$/),
      build: z
        .string()
        .regex(/^sha256:[0-9a-f]{64}$/)
        .optional(),
      createdAt: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    }),
  }),
});

/** What only the signer can say. All else in a statement is made anew. Throws BundleError where it is not there. */
export function saidIn(statement: Uint8Array): Said & { readonly isQualified: boolean } {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(statement));
  } catch {
    throw new BundleError(`${STATEMENT_FILE} is not JSON`);
  }
  const read = saidSchema.safeParse(value);
  if (!read.success) throw new BundleError(`${STATEMENT_FILE} does not say when, and by which version, it was made`);
  const { version, build, createdAt, qualified } = read.data.predicate.everyleaf;
  const at = new Date(createdAt);
  if (Number.isNaN(at.getTime()) || at.toISOString() !== createdAt)
    throw new BundleError(`${STATEMENT_FILE} was made at no time that there is: ${createdAt}`);
  return { version, ...(build === undefined ? {} : { build }), createdAt: at, isQualified: qualified };
}
