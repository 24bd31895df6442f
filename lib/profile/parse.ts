import { z } from 'zod';
import { problemLines, type Problem, type ProblemKind } from '../topology/problem.js';
import { readSource, type Path, type Sort, type Source } from '../topology/source.js';
import { suggest } from '../topology/suggest.js';
import { KINDS, type KindId } from '../wire/kinds.js';
import { ProfileError } from './error.js';
import type { Profile } from './types.js';

const SORT: Sort = { name: 'a profile', example: 'the profile in docs/judging-captures.md', levels: 'three' };
const DUTIES = ['replicated', 'single', 'unjudged'] as const;

const duty = z.enum(DUTIES);
const row = z.union([
  duty,
  z.strictObject({ untagged: duty.optional(), tagged: duty.optional(), qinq: duty.optional() }),
]);
const kindIds = KINDS.map((entry) => entry.id);
const duties = z.strictObject(Object.fromEntries(kindIds.map((id) => [id, row.optional()])));

/** The schema of a profile file; `maxSkewNs` in ns. */
export const profileSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  title: z.string().min(1).max(200),
  source: z.string().min(1).max(500),
  duties: duties.default({}),
  deadLegMustBeSilent: z.boolean().default(true),
  sendsToLacpDeadLeg: z.boolean().optional(),
  deliversOnHost: z.boolean().optional(),
  maxSkewNs: z.int().positive().optional(),
});

/**
 * A profile of the user's own. Throws ProfileError, and nothing else, with one `file:line:column: what; hint` line per
 * problem.
 */
export function parseProfile(yamlText: string, fileName: string): Profile {
  const read = readSource(yamlText, SORT);
  if ('problems' in read) throw new ProfileError(problemLines(fileName, read.problems));
  const checked = profileSchema.safeParse(read.source.value, { reportInput: true });
  if (checked.success) return toProfile(checked.data);
  throw new ProfileError(
    problemLines(
      fileName,
      checked.error.issues.map((issue) => explain(issue, read.source)),
    ),
  );
}

function toProfile(data: z.infer<typeof profileSchema>): Profile {
  const given: [string, unknown][] = Object.entries(data.duties).filter(([, said]) => said !== undefined);
  return {
    name: data.name,
    title: data.title,
    source: data.source,
    duties: Object.fromEntries(given),
    deadLegMustBeSilent: data.deadLegMustBeSilent,
    ...(data.sendsToLacpDeadLeg === undefined ? {} : { sendsToLacpDeadLeg: data.sendsToLacpDeadLeg }),
    ...(data.deliversOnHost === undefined ? {} : { deliversOnHost: data.deliversOnHost }),
    ...(data.maxSkewNs === undefined ? {} : { maxSkewNs: data.maxSkewNs }),
  };
}

function explain(issue: z.core.$ZodIssue, source: Source): Problem {
  const path = issue.path;
  const problem = (kind: ProblemKind, at: Path, text: string, hint: string): Problem => ({
    kind,
    ...source.placeOfKey(at),
    text,
    hint,
  });
  const name = path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known: readonly string[] =
      path.length === 0
        ? Object.keys(profileSchema.shape)
        : path.length === 1
          ? (kindIds satisfies KindId[])
          : ['untagged', 'tagged', 'qinq'];
    return problem('unknown-key', [...path, key], `unknown key "${key}"`, suggest(key, known));
  }
  if (path[0] === 'duties' && path.length > 1)
    return problem(
      'wrong-value',
      path,
      `"${name}" is no duty`,
      `write ${DUTIES.join(', ')}, or one of them for each of untagged, tagged, qinq`,
    );
  if (path.length === 0)
    return problem(
      'wrong-type',
      path,
      'a profile is a mapping of keys to values',
      'start with name, title, source and duties',
    );
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return problem('missing-key', path, `"${name}" is missing`, HINTS[String(path[0])] ?? 'add it');
  return problem(
    'wrong-value',
    path,
    `"${name}": ${issue.message.replace(/[.:]+$/, '')}`,
    HINTS[String(path[0])] ?? 'correct the value',
  );
}

const HINTS: Readonly<Record<string, string>> = {
  name: 'lower-case letters, digits and hyphens, a letter first',
  title: 'one line for people',
  source: 'say where the table comes from: a kernel file, a recipe, a document',
  duties: 'write a mapping of kinds to duties',
  deadLegMustBeSilent: 'write true or false',
  sendsToLacpDeadLeg: 'write true or false, or leave it out',
  deliversOnHost: 'write true or false, or leave it out',
  maxSkewNs: 'write a whole number of nanoseconds',
};
