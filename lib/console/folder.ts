import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { UserError } from '../userError.js';

/** sun_path of unix(7), without its final zero byte. */
const SOCKET_PATH_MAX = 107;

/** Where the lab daemon of a standing lab can be found: one folder, and so one lab, per user. */
export interface StandingFolder {
  readonly path: string;
  readonly socket: string;
  /** The lab daemon's process, for when it no longer answers. */
  readonly daemonFile: string;
}

function uid(): number {
  return process.getuid?.() ?? -1;
}

function isOwnFolder(path: string): boolean {
  try {
    const info = lstatSync(path);
    return info.isDirectory() && info.uid === uid();
  } catch {
    return false;
  }
}

function withoutLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // not there; the code that makes the folder says why it cannot be made
  }
}

/**
 * The folder's place: below XDG_RUNTIME_DIR when that is this user's, else in the machine's folder for temporary files.
 */
export function standingFolder(runtimeFolder = process.env['XDG_RUNTIME_DIR']): StandingFolder {
  const base =
    runtimeFolder !== undefined && isAbsolute(runtimeFolder) && isOwnFolder(runtimeFolder) ? runtimeFolder : null;
  // With links resolved (`/var/run` is one), as the kernel reports the paths of open files.
  const path =
    base === null ? join(withoutLinks(tmpdir()), `everyleaf-${uid()}`) : join(withoutLinks(base), 'everyleaf');
  const socket = join(path, 'control.sock');
  if (Buffer.byteLength(socket) > SOCKET_PATH_MAX)
    throw new UserError(
      `${socket} is too long for the path of a socket`,
      'set XDG_RUNTIME_DIR, or TMPDIR, to a folder with a shorter path',
    );
  return { path, socket, daemonFile: join(path, 'labDaemon.json') };
}

/**
 * Makes the folder, for this user alone. Throws UserError when someone else has made it, or others may look into it.
 */
export function makeStandingFolder(folder: StandingFolder): void {
  mkdirSync(folder.path, { mode: 0o700, recursive: true });
  checkStandingFolder(folder);
}

/**
 * Whether the folder is there. Throws UserError when it is not this user's alone: anyone who can write there could pose
 * as the lab daemon.
 */
export function checkStandingFolder({ path }: StandingFolder): boolean {
  let info;
  try {
    info = lstatSync(path);
  } catch {
    return false;
  }
  if (!info.isDirectory())
    throw new UserError(`${path} is no folder`, 'something else is in the place of the standing lab; remove it');
  if (info.uid !== uid())
    throw new UserError(
      `${path} belongs to user ${info.uid}, not to user ${uid()}`,
      'set XDG_RUNTIME_DIR to a folder of your own',
    );
  if ((info.mode & 0o077) !== 0)
    throw new UserError(
      `${path} is open to others (mode ${(info.mode & 0o777).toString(8)})`,
      `chmod 700 ${path}, when you know why it is open`,
    );
  return true;
}
