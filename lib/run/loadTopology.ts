import { readFile, stat } from 'node:fs/promises';
import type { Topology } from '../topology/model.js';
import { parseTopology } from '../topology/parse.js';
import type { PlaneChoice, PlaneRules } from '../topology/planeRules.js';
import { TEXT_MAX } from '../topology/source.js';
import { UserError } from '../userError.js';

/** Bytes; no character of UTF-8 takes more than four. */
const BYTES_MAX = 4 * TEXT_MAX;

/**
 * Reads a topology file.
 *
 * @param planes the known data planes
 * @param plane the one to take, whatever the topology says
 * @throws UserError when there is no such file, or it cannot be read as text.
 * @throws TopologyError when it holds no valid topology.
 */
export async function loadTopology(
  path: string,
  planes: readonly PlaneRules[],
  plane: PlaneChoice = {},
): Promise<Topology> {
  return parseTopology(await readText(path), path, { planes, plane });
}

const NAME_ONE = 'name a topology file, for instance topologies/dual-leaf.yaml';

async function readText(path: string): Promise<string> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw new UserError(`${path} is a folder`, NAME_ONE);
    // A pipe or a device may have no end.
    if (!info.isFile()) throw new UserError(`${path} is not a regular file`, NAME_ONE);
    if (info.size > BYTES_MAX)
      throw new UserError(
        `${path} has ${info.size} bytes, too many for a topology`,
        `a topology has at most ${TEXT_MAX} characters`,
      );
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(...reasonOf(path, error));
  }
}

function reasonOf(path: string, error: unknown): [message: string, hint: string] {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'ENOENT':
    case 'ENOTDIR':
      return [`there is no file ${path}`, NAME_ONE];
    case 'EACCES':
      return [`${path} may not be read`, 'check its permissions'];
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return [`${path} is not UTF-8 text`, NAME_ONE];
    default:
      return [`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, NAME_ONE];
  }
}
