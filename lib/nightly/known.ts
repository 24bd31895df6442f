import { z } from 'zod';
import { keysOf } from '../topology/keys.js';
import { problemLines, type Problem } from '../topology/problem.js';
import { shapeProblems } from '../topology/shape.js';
import { readSource, type Path, type Sort } from '../topology/source.js';
import { UserError } from '../userError.js';

/** Longer excuses become permanent. */
const DAYS_MAX = 90;
const DAY_MS = 86_400_000;

const date = z.iso.date({ error: 'a day such as 2026-11-28, in quotes or not' });

const entrySchema = z.strictObject({
  test: z.string().min(1),
  signature: z.string().min(1).optional(),
  binding: z.string().min(1).optional(),
  kind: z.enum(['failure', 'flake', 'skip', 'vanished']).default('failure'),
  issue: z.string().min(1),
  owner: z.string().min(1),
  since: date,
  until: date,
});

/** One thing that is wrong and is known: of one test, one finding, until a day. */
export type KnownEntry = z.infer<typeof entrySchema>;

const schema = z.array(entrySchema);

const SORT: Sort = { name: 'a list of known failures', example: 'docs/examples/nightly/known.yaml', levels: 'two' };

/**
 * Reads known failures. Nothing that is not understood is skipped: it could excuse too much.
 * @throws UserError with one `file:line:column: what; hint` line for each problem
 */
export function parseKnown(text: string, fileName: string): readonly KnownEntry[] {
  const stop = (problems: readonly Problem[]): void => {
    if (problems.length > 0) throw new UserError(problemLines(fileName, problems));
  };
  const read = readSource(text, SORT);
  if ('problems' in read) {
    // No entry, and nothing to excuse.
    if (read.problems.every(({ kind }) => kind === 'empty')) return [];
    throw new UserError(problemLines(fileName, read.problems));
  }
  const { source } = read;
  const parsed = schema.safeParse(source.value);
  if (!parsed.success)
    throw new UserError(
      problemLines(fileName, shapeProblems(parsed.error.issues, source, keysOf(schema), 'the list of known failures')),
    );
  const at = (path: Path, said: string, hint: string): Problem => ({
    kind: 'wrong-value',
    ...source.placeOf(path),
    text: said,
    hint,
  });
  const seen = new Set<string>();
  stop(
    parsed.data.flatMap((entry, i) => {
      const key = JSON.stringify([entry.test, entry.signature, entry.binding, entry.kind]);
      const isTwice = seen.has(key);
      seen.add(key);
      const isAboutFinding = entry.kind === 'failure' || entry.kind === 'flake';
      const days = (Date.parse(entry.until) - Date.parse(entry.since)) / DAY_MS;
      return [
        ...(isTwice ? [at([i], 'this entry is there twice', 'keep one of them')] : []),
        ...(isAboutFinding && entry.signature === undefined
          ? [at([i], '"signature" is missing', 'say which finding is known: the report of a night prints it')]
          : []),
        ...(!isAboutFinding && entry.signature !== undefined
          ? [at([i, 'signature'], `an entry of kind ${entry.kind} has no signature`, 'remove it')]
          : []),
        ...(days < 0 ? [at([i, 'until'], `until ${entry.until} is before since`, 'take a later day')] : []),
        ...(days > DAYS_MAX
          ? [at([i, 'until'], `until is ${days} days after since`, `take at most ${DAYS_MAX}, and look again then`)]
          : []),
      ];
    }),
  );
  return parsed.data;
}

/** Whether an entry is about this place. */
export function isAbout(entry: KnownEntry, place: string): boolean {
  return entry.binding === undefined || entry.binding === place;
}

/** Whether an entry excuses on this day; `until` is its last day. */
export function isOver(entry: KnownEntry, today: string): boolean {
  return today > entry.until;
}
