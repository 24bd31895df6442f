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
  return parseTopology(await readTextFile(path, 'a topology', 'topologies/dual-leaf.yaml'), path, { planes, plane });
}

/**
 * The text of a file that a person names.
 *
 * @param what it should hold: "a topology"
 * @param example a file that holds one
 * @throws UserError when there is none, or it cannot be read as text
 */
export async function readTextFile(path: string, what: string, example: string): Promise<string> {
  const nameOne = `name ${what} file, for instance ${example}`;
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw new UserError(`${path} is a folder`, nameOne);
    // A pipe or a device may have no end.
    if (!info.isFile()) throw new UserError(`${path} is not a regular file`, nameOne);
    if (info.size > BYTES_MAX)
      throw new UserError(
        `${path} has ${info.size} bytes, too many for ${what}`,
        `${what} has at most ${TEXT_MAX} characters`,
      );
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(...reasonOf(path, error, nameOne));
  }
}

function reasonOf(path: string, error: unknown, nameOne: string): [message: string, hint: string] {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'ENOENT':
    case 'ENOTDIR':
      return [`there is no file ${path}`, nameOne];
    case 'EACCES':
      return [`${path} may not be read`, 'check its permissions'];
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return [`${path} is not UTF-8 text`, nameOne];
    default:
      return [`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, nameOne];
  }
}
