import { dirname, resolve } from 'node:path';
import { isPath, readTextFile } from '../../files.js';
import { ProfileError } from '../../profile/error.js';
import { parseProfile } from '../../profile/parse.js';
import { profileNamed } from '../../profile/registry.js';
import type { Profile } from '../../profile/types.js';
import { ReplicatorFileError } from '../error.js';
import type { Replicator } from '../types.js';
import { commandReplicator } from './command.js';
import { parseCommand } from './parse.js';

function profileFrom(folder: string, nameOrPath: string, profiles: readonly Profile[]): Profile {
  return isPath(nameOrPath) ? loadProfile(resolve(folder, nameOrPath)) : profileNamed(nameOrPath, profiles);
}

/** A profile of the user's own, from its YAML file. Throws ProfileError. */
export function loadProfile(path: string): Profile {
  let text: string;
  try {
    text = readTextFile(path);
  } catch (error) {
    throw new ProfileError(
      `profile ${path} cannot be read: ${reasonOf(error)}; give a path relative to this file, or the name of a built-in profile`,
      { cause: error },
    );
  }
  return parseProfile(text, path);
}

/**
 * A replicator of the user's own, from the YAML file that describes it. Throws ReplicatorFileError.
 * @param profiles those that it can name
 */
export function loadCommand(path: string, profiles: readonly Profile[]): Replicator {
  const file = resolve(path);
  let text: string;
  try {
    text = readTextFile(file);
  } catch (error) {
    throw new ReplicatorFileError(
      `replicator ${path} cannot be read: ${reasonOf(error)}`,
      'name a YAML file such as docs/examples/replicator/ovs-flows.yaml',
    );
  }
  const folder = dirname(file);
  return commandReplicator(
    parseCommand(text, path, (nameOrPath) => profileFrom(folder, nameOrPath, profiles)),
    folder,
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
