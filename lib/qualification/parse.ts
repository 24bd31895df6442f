import type { z } from 'zod';
import { keysOf } from '../topology/keys.js';
import { problemLines, type Problem } from '../topology/problem.js';
import { shapeProblems } from '../topology/shape.js';
import { readSource, type Path, type Sort } from '../topology/source.js';
import { UserError } from '../userError.js';

/** What is wrong at a path of the data, and what to do. */
export interface Wrong {
  readonly path: Path;
  readonly said: string;
  readonly hint: string;
}

/**
 * Reads a YAML file of a qualification. Nothing that is not understood is skipped.
 * @param more what the schema cannot say
 * @param whenEmpty what a file without content stands for; null = it may not be empty
 * @throws UserError with one `file:line:column: what; hint` line for each problem
 */
export function parseFile<S extends z.ZodType>(
  text: string,
  fileName: string,
  {
    schema,
    sort,
    whole,
    more,
    whenEmpty,
  }: {
    readonly schema: S;
    readonly sort: Sort;
    readonly whole: string;
    readonly more: (value: z.infer<S>) => readonly Wrong[];
    readonly whenEmpty: z.infer<S> | null;
  },
): z.infer<S> {
  const stop = (problems: readonly Problem[]): void => {
    if (problems.length > 0) throw new UserError(problemLines(fileName, problems));
  };
  const read = readSource(text, sort);
  if ('problems' in read) {
    if (whenEmpty !== null && read.problems.every(({ kind }) => kind === 'empty')) return whenEmpty;
    throw new UserError(problemLines(fileName, read.problems));
  }
  const { source } = read;
  const parsed = schema.safeParse(source.value);
  if (!parsed.success)
    throw new UserError(problemLines(fileName, shapeProblems(parsed.error.issues, source, keysOf(schema), whole)));
  stop(
    more(parsed.data).map(({ path, said, hint }) => ({
      kind: 'wrong-value',
      ...source.placeOf(path),
      text: said,
      hint,
    })),
  );
  return parsed.data;
}
