import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { topologyFolders } from '../run/workspace.js';
import type { Place } from './caller.js';
import { currentWorkspace } from './current.js';

/** The file of a topology that a scenario names; null where there is none. */
export function findTopology(name: string, place: Place): string | null {
  return (
    topologyFolders(currentWorkspace(), place.file)
      .map((folder) => join(folder, name))
      .find((file) => existsSync(file)) ?? null
  );
}

export function topologyFile(name: string, place: Place): string {
  const found = findTopology(name, place);
  if (found === null) throw new RangeError(`the topology ${name} is gone`);
  return found;
}
