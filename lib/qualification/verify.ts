import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from './archive.js';
import { givenIn } from './bundle.js';
import { CLOCK_SLACK_MS } from './decide.js';
import { derive } from './derive.js';
import { BundleError } from './error.js';
import { signerOf } from './signature.js';
import { saidIn, STATEMENT_FILE } from './statement.js';
import { SIGNATURE_FILE, SUMS_FILE, sumsProblems } from './sums.js';

/** `unknown`: what is here speaks neither for it nor against it. */
export type Outcome = 'qualified' | 'not qualified' | 'unknown';

export interface Verification {
  readonly outcome: Outcome;
  /** One sentence. */
  readonly sentence: string;
  /** Who signed; null where that does not hold. */
  readonly principal: string | null;
  /** When the statement was made, as the signer says; null where it does not say. */
  readonly createdAt: string | null;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

export interface VerifyOptions {
  /** The verifier's own allowed signers. */
  readonly signers: string;
  /** The only principal that counts; any in the file where it is left out. */
  readonly principal?: string;
  /** The verifier's time. */
  readonly now: Date;
  /** Of this everyleaf. */
  readonly version: string;
  /** `sha256:...` of this everyleaf's own files; asked only where another build may have made the bundle. */
  readonly build: () => string;
  /** An empty folder for files while they are judged. */
  readonly root: string;
}

/** How a bundle differs from what was made anew; sentences. */
interface Differences {
  /** Files that are missing, and files that do not belong there. */
  readonly files: readonly string[];
  /** Files with other bytes. */
  readonly bytes: readonly string[];
}

function differences(files: Files, made: Files): Differences {
  const isOwn = (path: string): boolean => path === SUMS_FILE || path === SIGNATURE_FILE;
  return {
    files: [
      ...[...made.keys()].flatMap((path) => (files.has(path) ? [] : [`${path} is missing`])),
      ...[...files.keys()].flatMap((path) =>
        made.has(path) || isOwn(path) ? [] : [`${path} does not belong into a bundle`],
      ),
    ],
    bytes: [...made].flatMap(([path, content]) => {
      const there = files.get(path);
      return there === undefined || Buffer.compare(there, content) === 0
        ? []
        : [`${path} is not what the evidence says when it is judged anew`];
    }),
  };
}

/** Digests in the length that people use. */
const shortBuild = (build: string | undefined): string =>
  build === undefined ? 'which it does not name' : build.slice(0, 'sha256:'.length + 12);

function why(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Verifies a bundle. The signature says who vouches for the evidence; that the evidence shows what the bundle says is
 * found anew: each file is made again from evidence, requirements, waivers and time, and must be the same bytes.
 * @throws UserError where ssh-keygen cannot be run
 */
export async function verifyBundle(files: Files, options: VerifyOptions): Promise<Verification> {
  const { signers, principal: wanted, now, version, build, root } = options;
  let principal: string | null = null;
  let createdAt: string | null = null;
  const end = (outcome: Outcome, sentence: string, problems: readonly string[], notes: readonly string[] = []) => ({
    outcome,
    sentence,
    principal,
    createdAt,
    problems,
    notes,
  });
  const not = (...problems: readonly string[]) =>
    end('not qualified', 'Not qualified: this bundle does not hold.', problems);
  const [sums, signature, statement] = [SUMS_FILE, SIGNATURE_FILE, STATEMENT_FILE].map((name) => files.get(name));
  if (sums === undefined) return not(`${SUMS_FILE} is missing`);
  if (signature === undefined) return not(`${SIGNATURE_FILE} is missing: nobody signed`);
  if (statement === undefined) return not(`${STATEMENT_FILE} is missing`);
  try {
    const said = saidIn(statement);
    createdAt = said.createdAt.toISOString();
    const by = await signerOf(
      { sums, signature },
      { signers, at: said.createdAt, folder: root, ...(wanted === undefined ? {} : { wanted }) },
    );
    const changed = sumsProblems(files);
    if ('problem' in by) return not(by.problem, ...changed);
    principal = by.principal;
    if (changed.length > 0) return not(...changed);
    const work = join(root, 'work');
    mkdirSync(work);
    const made = await derive(givenIn(files, said), work);
    const different = differences(files, made.files);
    if (made.problems.length > 0)
      // Another version may have other profiles, and know more that speaks against a run.
      return said.version !== version && said.isQualified
        ? end(
            'unknown',
            `It cannot be told here: everyleaf ${said.version} made this bundle and calls it qualified, and this is ${version}, which finds reasons against it.`,
            made.problems,
            made.notes,
          )
        : end('not qualified', made.sentence, made.problems, made.notes);
    const all = [...different.files, ...different.bytes];
    if (all.length > 0 && said.version !== version)
      return end(
        'unknown',
        `It cannot be told here: everyleaf ${said.version} made this bundle, and this is ${version}, which writes other files; verify it with that version.`,
        all,
        made.notes,
      );
    // Of one version only the texts differ: which files there are, and what qualifies, does not.
    if (all.length > 0 && different.files.length === 0 && said.isQualified && said.build !== build())
      return end(
        'unknown',
        `It cannot be told here: another build of everyleaf ${version} made this bundle (${shortBuild(said.build)}), and this one (${shortBuild(build())}) writes other files; verify it with that build.`,
        all,
        made.notes,
      );
    if (all.length > 0) return not(...all);
    if (said.createdAt.getTime() > now.getTime() + CLOCK_SLACK_MS)
      return end(
        'unknown',
        `It cannot be told here: the statement was made at ${createdAt}, and here it is ${now.toISOString()}; one of the clocks is wrong.`,
        [],
        made.notes,
      );
    return end(
      'qualified',
      made.sentence,
      [],
      [...made.notes, `When it was made, ${createdAt}, is the word of ${principal}.`],
    );
  } catch (error) {
    if (error instanceof BundleError) return not(error.message);
    // ssh-keygen is missing: that is no fault of the bundle.
    if (error instanceof Error && 'exitCode' in error && error.exitCode === 69) throw error;
    // What is signed can be broken, too; whatever it is, it shows nothing.
    return not(`what it holds cannot be judged: ${why(error).split('\n')[0] ?? ''}`);
  }
}
