import { readFile, stat } from 'node:fs/promises';
import type { Topology } from '../topology/model.js';
import { parseTopology } from '../topology/parse.js';
import { TEXT_MAX } from '../topology/source.js';

/** The topology file could not be read at all. The message has the file's name and what to do. */
export class TopologyFileError extends Error {
  override readonly name = 'TopologyFileError';
}

/** Bytes; a character of a topology takes one, and never more than four. */
const BYTES_MAX = 4 * TEXT_MAX;

/**
 * Reads a topology file.
 *
 * @throws TopologyFileError when there is no such readable file.
 * @throws TopologyError when it holds no valid topology.
 */
export async function loadTopology(path: string): Promise<Topology> {
  return parseTopology(await readText(path), path);
}

async function readText(path: string): Promise<string> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw new TopologyFileError(`${path}: is a folder; name a topology file inside it`);
    if (!info.isFile()) throw new TopologyFileError(`${path}: is not a regular file; name a topology file`);
    if (info.size > BYTES_MAX) throw new TopologyFileError(`${path}: ${info.size} bytes are too many for a topology; write at most ${TEXT_MAX} characters`);
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof TopologyFileError) throw error;
    if (error instanceof TypeError) throw new TopologyFileError(`${path}: is not UTF-8 text; name a topology file, such as topologies/dual-leaf.yaml`, { cause: error });
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new TopologyFileError(`${path}: no such file; topologies/ holds some to start from`, { cause: error });
    if (code === 'EACCES') throw new TopologyFileError(`${path}: may not be read; check its permissions`, { cause: error });
    throw new TopologyFileError(`${path}: cannot be read: ${error instanceof Error ? error.message : String(error)}; name a topology file`, { cause: error });
  }
}
