import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { checkStandingFolder, makeStandingFolder, standingFolder } from '../../console/folder.js';
import { isAlive, ownIdentity } from '../../console/identity.js';
import type { ProcessIdentity } from '../../console/protocol.js';

/** What is written outside of a folder of our own, so that it can be removed when nobody else can any more. */
interface Written {
  readonly files: readonly string[];
  /** Folders that were made for these files, the deepest last. */
  readonly folders: readonly string[];
}

/** The files of machines that this process has brought up. */
export interface MachineFiles {
  /** For what only the machines need. */
  readonly folder: string;
  /** Notes, before they are written, files that somebody else needs, and makes their folders. */
  announce(files: readonly string[]): void;
  /** Removes all of them. */
  remove(): void;
}

const RECORD = 'written.json';

function base(): ReturnType<typeof standingFolder> {
  const standing = standingFolder();
  return { ...standing, path: `${standing.path}-ssh` };
}

function readRecord(folder: string): Written | null {
  try {
    return JSON.parse(readFileSync(join(folder, RECORD), 'utf8')) as Written;
  } catch {
    return null; // killed before it was written: there is nothing outside
  }
}

/** A process is noted by the folder's name, too, from the first moment on. */
function ownerOf(name: string): ProcessIdentity {
  const [pid = '', startTicks = ''] = name.split('-');
  return { pid: Number(pid), startTicks };
}

function removeWritten(folder: string): void {
  const { files = [], folders = [] } = readRecord(folder) ?? {};
  for (const file of files) rmSync(file, { force: true });
  for (const made of [...folders].reverse()) {
    try {
      rmdirSync(made);
    } catch {
      // gone already, or somebody has put something into it
    }
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Removes what processes that were killed have left; returns those that live. */
export function clearDead(): readonly ProcessIdentity[] {
  const { path } = base();
  if (!checkStandingFolder(base())) return [];
  const living: ProcessIdentity[] = [];
  for (const name of readdirSync(path)) {
    const owner = ownerOf(name);
    if (isAlive(owner)) living.push(owner);
    else removeWritten(join(path, name));
  }
  if (living.length === 0) removeBase();
  return living;
}

function removeBase(): void {
  try {
    rmdirSync(base().path);
  } catch {
    // another process has just begun
  }
}

/** Folders above these files that are not there yet, the deepest last. */
function missingFolders(files: readonly string[]): readonly string[] {
  const missing = new Set<string>();
  for (const file of files) for (let at = dirname(file); !existsSync(at); at = dirname(at)) missing.add(at);
  return [...missing].sort((a, b) => a.length - b.length);
}

/** Makes the folder of this process. */
export function openMachineFiles(): MachineFiles {
  makeStandingFolder(base());
  const owner = ownIdentity();
  const folder = join(base().path, `${owner.pid}-${owner.startTicks}`);
  mkdirSync(folder, { mode: 0o700 });
  return {
    folder,
    announce(named) {
      // Whoever clears it away is in another folder.
      const files = named.map((file) => resolve(file));
      const folders = missingFolders(files);
      writeFileSync(join(folder, RECORD), JSON.stringify({ files, folders } satisfies Written));
      for (const made of folders) mkdirSync(made, { mode: 0o700 });
    },
    remove() {
      removeWritten(folder);
      removeBase();
    },
  };
}
