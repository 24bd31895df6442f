import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { suggest } from '../topology/suggest.js';
import { KINDS, type KindId } from '../wire/kinds.js';
import { ProfileError } from './error.js';
import type { Profile } from './types.js';

/** Characters; the longest built-in table needs a hundredth of it. */
const TEXT_MAX = 65_536;
const DUTIES = ['replicated', 'single', 'unjudged'] as const;

const duty = z.enum(DUTIES);
const row = z.union([duty, z.strictObject({ untagged: duty.optional(), tagged: duty.optional(), qinq: duty.optional() })]);
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
  maxSkewNs: z.int().positive().optional(),
});

/** A profile of the user's own. Throws ProfileError with one `file:line:column: what; hint` line per problem. */
export function parseProfile(yamlText: string, fileName: string): Profile {
  if (yamlText.length > TEXT_MAX) throw new ProfileError(`${fileName}:1:1: ${yamlText.length} characters are too many for a profile; write at most ${TEXT_MAX}`);
  const lines = new LineCounter();
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${fileName}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  let document: Document.Parsed;
  let value: unknown;
  try {
    document = parseDocument(yamlText, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, merge: false, logLevel: 'silent' });
    value = document.errors.length > 0 ? null : document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    throw new ProfileError(`${fileName}:1:1: not YAML that a profile needs: ${String(error)}; write plain keys and values`, { cause: error });
  }
  if (document.errors.length > 0) {
    throw new ProfileError(document.errors.map((e) => `${at(e.pos[0])}: not YAML: ${oneLine(e.message)}; correct the syntax`).join('\n'));
  }
  const checked = profileSchema.safeParse(value);
  if (checked.success) return toProfile(checked.data);
  const problems = checked.error.issues.map((issue) => {
    const { said, hint, path } = explain(issue);
    return { offset: offsetOf(document, path), said, hint };
  });
  problems.sort((a, b) => a.offset - b.offset);
  throw new ProfileError(problems.map((p) => `${at(p.offset)}: ${p.said}; ${p.hint}`).join('\n'));
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
    ...(data.maxSkewNs === undefined ? {} : { maxSkewNs: data.maxSkewNs }),
  };
}

function explain(issue: z.core.$ZodIssue): { said: string; hint: string; path: readonly PropertyKey[] } {
  const path = issue.path;
  const name = path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known: readonly string[] = path.length === 0 ? Object.keys(profileSchema.shape) : path.length === 1 ? (kindIds satisfies KindId[]) : ['untagged', 'tagged', 'qinq'];
    return { said: `unknown key "${key}"`, hint: suggest(key, known), path: [...path, key] };
  }
  if (path[0] === 'duties' && path.length > 1) return { said: `"${name}" is no duty`, hint: `write ${DUTIES.join(', ')}, or one of them for each of untagged, tagged, qinq`, path };
  if (path.length === 0) return { said: 'a profile is a mapping of keys to values', hint: 'start with name, title, source and duties', path };
  return { said: `"${name}": ${oneLine(issue.message)}`, hint: HINTS[String(path[0])] ?? 'correct the value', path };
}

const HINTS: Readonly<Record<string, string>> = {
  name: 'lower-case letters, digits and hyphens, a letter first',
  title: 'one line for people',
  source: 'say where the table comes from: a kernel file, a recipe, a document',
  duties: 'write a mapping of kinds to duties',
  deadLegMustBeSilent: 'write true or false',
  sendsToLacpDeadLeg: 'write true or false, or leave it out',
  maxSkewNs: 'write a whole number of nanoseconds',
};

function oneLine(message: string): string {
  return message.replace(/\s+/g, ' ').replace(/[.:]+$/, '');
}

/** Where the key at the end of `path` stands, or the nearest thing above it that is written. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? 0;
  for (const step of path) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
    if (pair === undefined) break;
    if (isScalar(pair.key) && pair.key.range !== undefined && pair.key.range !== null) offset = pair.key.range[0];
    node = pair.value;
  }
  return offset;
}
