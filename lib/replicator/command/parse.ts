import { ProfileError } from '../../profile/error.js';
import type { Profile } from '../../profile/types.js';
import { keysOf } from '../../topology/keys.js';
import { problemLines } from '../../topology/problem.js';
import { shapeProblems } from '../../topology/shape.js';
import { readSource, type Sort } from '../../topology/source.js';
import { ReplicatorFileError } from '../error.js';
import { commandSchema, type CommandFile } from './schema.js';

const SORT: Sort = { name: 'a replicator', example: 'docs/examples/replicator/ovs-flows.yaml', levels: 'four' };

/** A described replicator, with the profile that it names. */
export interface CommandDescription extends Omit<CommandFile, 'profile'> {
  readonly profile: Profile;
}

/**
 * Reads the description of a user's own replicator.
 *
 * @param fileName is put in front of each problem.
 * @param profileOf finds the profile that the file names, or throws ProfileError.
 * @throws ReplicatorFileError, and nothing else, whatever the text.
 */
export function parseCommand(
  yamlText: string,
  fileName: string,
  profileOf: (nameOrPath: string) => Profile,
): CommandDescription {
  const read = readSource(yamlText, SORT);
  if ('problems' in read) throw new ReplicatorFileError(problemLines(fileName, read.problems));
  const { source } = read;
  const parsed = commandSchema.safeParse(source.value);
  if (!parsed.success)
    throw new ReplicatorFileError(
      problemLines(fileName, shapeProblems(parsed.error.issues, source, keysOf(commandSchema), 'the replicator')),
    );
  try {
    return { ...parsed.data, profile: profileOf(parsed.data.profile) };
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    const { line, column } = source.placeOf(['profile']);
    throw new ReplicatorFileError(`${fileName}:${line}:${column}: ${error.message}`);
  }
}
