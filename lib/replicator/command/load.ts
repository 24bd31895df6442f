import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ProfileError } from '../../profile/error.js';
import { parseProfile } from '../../profile/parse.js';
import { profileNamed } from '../../profile/registry.js';
import type { Profile } from '../../profile/types.js';
import { ReplicatorFileError } from '../error.js';
import type { Replicator } from '../types.js';
import { commandReplicator } from './command.js';
import { parseCommand } from './parse.js';

/** Bytes; the text itself may have fewer characters still. */
const BYTES_MAX = 262_144;

/** Whether this is the path of a file, not the name of something built in. */
export function isFile(nameOrPath: string): boolean {
  return nameOrPath.includes('/') || /\.ya?ml$/.test(nameOrPath);
}

function readText(path: string): string {
  const info = statSync(path);
  // A pipe or a device may have no end.
  if (!info.isFile()) throw new Error('it is not a regular file');
  if (info.size > BYTES_MAX) throw new Error(`it has ${info.size} bytes, more than ${BYTES_MAX}`);
  return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
}

function profileFrom(folder: string, nameOrPath: string, profiles: readonly Profile[]): Profile {
  if (!isFile(nameOrPath)) return profileNamed(nameOrPath, profiles);
  const path = resolve(folder, nameOrPath);
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    throw new ProfileError(
      `profile ${path} cannot be read: ${reason(error)}; give a path relative to this file, or the name of a built-in profile`,
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
    text = readText(file);
  } catch (error) {
    throw new ReplicatorFileError(
      `replicator ${path} cannot be read: ${reason(error)}`,
      'name a YAML file such as docs/examples/replicator/ovs-flows.yaml',
    );
  }
  const folder = dirname(file);
  return commandReplicator(
    parseCommand(text, path, (nameOrPath) => profileFrom(folder, nameOrPath, profiles)),
    folder,
  );
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  switch ('code' in error ? error.code : undefined) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file';
    case 'EACCES':
      return 'its permissions forbid it';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'it is not UTF-8 text';
    default:
      return error.message;
  }
}
