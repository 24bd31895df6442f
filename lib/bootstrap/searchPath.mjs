import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian gives ordinary users a PATH without these, but `ip`, `nft`, `tc` and `ovs-vswitchd` live here. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * PATH with the folders of system tools at its end, each folder once.
 * @param {string | undefined} path
 * @returns {readonly string[]}
 */
export function searchPath(path) {
  const own = (path ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter).filter((folder) => folder !== '');
  return [...new Set([...own, ...SYSTEM_FOLDERS])];
}

/**
 * @param {string} tool
 * @param {readonly string[]} folders
 * @returns {string | null} the tool's full path
 */
export function findTool(tool, folders) {
  for (const folder of folders) {
    const path = join(folder, tool);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      // not here; the next folder may have it
    }
  }
  return null;
}
