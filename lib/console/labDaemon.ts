/**
 * The lab daemon of a standing lab: a process in its own session that holds the lab's agent by a pipe, so that the
 * lab goes when the lab daemon does, whatever ends it. It runs under the lock of its folder.
 */
import { lstatSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { DURATIONS } from '../durations.js';
import { standingFolder } from './folder.js';
import { ownIdentity } from './identity.js';
import { holdsLock, LOCK_MOVED } from './lock.js';
import { problemOf } from './problem.js';
import { STAY, type LabDaemonNews, type LabDaemonOrder } from './protocol.js';
import { serve } from './serve.js';
import { openStandingLab, type StandingLab } from './standingLab.js';

const folder = standingFolder();
if (!holdsLock(folder)) process.exit(LOCK_MOVED);
// Left by a killed lab daemon; no living process can own them.
rmSync(folder.socket, { force: true });
writeFileSync(folder.daemonFile, JSON.stringify(ownIdentity()), { mode: 0o600 });

let lab: StandingLab | undefined;
let server: Server | undefined;
let stays = false;
let closing: Promise<void> | undefined;

function close(): Promise<void> {
  return (closing ??= (async () => {
    try {
      await lab?.[Symbol.asyncDispose]();
    } finally {
      // If the folder was removed, another lab daemon may have made it again by now: closing the server would
      // unlink whatever socket has that name.
      if (holdsLock(folder)) {
        // Open connections still get the answer; this process ends with the last of them.
        server?.close(() => process.exit());
        rmSync(folder.path, { recursive: true, force: true });
      }
    }
  })());
}

/** Ends this process; the agent sees its pipe close, and a lab that is still being brought up ends with it. */
async function leave(code: number): Promise<void> {
  await close().catch(() => undefined);
  process.exit(code);
}

/**
 * A lab daemon whose socket is gone can be told nothing any more, not even to take its lab down: so it does that by
 * itself.
 */
function leaveWhenLost(socket: string): void {
  const inode = (): number | undefined => lstatSync(socket, { throwIfNoEntry: false })?.ino;
  const ours = inode();
  setInterval(() => {
    const now = inode();
    if (now === undefined || now !== ours) void leave(0);
  }, DURATIONS.standingLook).unref();
}

function tell(news: LabDaemonNews): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(news, () => resolve());
    else resolve();
  });
}

process.on('message', (word) => {
  if (word === STAY) stays = true;
});
process.on('disconnect', () => {
  if (!stays) void leave(0);
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void leave(0));
// The process that started us may have gone while this file was being loaded, before anything listened for that.
if (!process.connected) await leave(0);

try {
  lab = await openStandingLab(JSON.parse(process.argv[2] ?? '{}') as LabDaemonOrder);
  server = await serve(folder.socket, lab, close);
  leaveWhenLost(folder.socket);
  await tell({ type: 'ready', status: lab.status() });
} catch (error) {
  await tell({ type: 'failed', problem: problemOf(error) });
  await leave(1);
}
