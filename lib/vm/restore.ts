import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentClient } from '../agent/client.js';
import { TestbedError } from '../testbed/error.js';
import { until } from '../until.js';
import { lastWordsOf, serialEnd } from './boot.js';
import type { Guest } from './guestPart.js';
import { cpuThread, guestWait, type Thread } from './cpuThread.js';
import { openGuestAgent } from './guestAgent.js';
import { openGuestShell, type GuestShell } from './guestShell.js';
import { guestFiles, startMachine } from './qemu.js';
import { openQmp } from './qmp.js';

/** A guest that goes on from its snapshot. */
export interface LiveGuest extends AsyncDisposable {
  readonly shell: GuestShell;
  /** From the start of QEMU to the first answer: how fast the guest is now. */
  readonly answeredAfterMs: number;
  /** Of its QEMU. */
  readonly pid: number;
  /** That thread of it which is the guest's CPU. */
  readonly cpu: Thread;
  /** Its kernel's log. */
  readonly serial: string;
  /** Asks QEMU itself. Throws TestbedError with what it says. */
  ask(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Its agent, that of one harness: once asked for, it ends with the client. Throws TestbedError when it is silent. */
  agent(): Promise<AgentClient>;
}

/** Name of the file with a guest's memory. */
export const MEMORY = 'memory.bin';

/** 0.3 s on an idle machine; 29 s have been seen on a busy one. */
const RESTORE_MS = 60_000;
/** A restore is over in tenths of a second; each look is one question to QEMU. */
const LOOK_MS = 5;

/**
 * Restores a guest, sets its clock, and waits for its first answer. Throws TestbedError with the end of its console.
 *
 * @param snapshot folder with the memory
 * @param folder an empty folder for this guest alone
 */
export async function restoreGuest(guest: Guest, snapshot: string, folder: string): Promise<LiveGuest> {
  const files = guestFiles(folder);
  const start = performance.now();
  const machine = startMachine(guest, files, [
    '-incoming',
    `exec:cat '${join(snapshot, MEMORY).replaceAll("'", "'\\''")}'`,
  ]);
  const there = (path: string) =>
    until(
      `QEMU to make ${path}`,
      RESTORE_MS,
      async () => {
        if (machine.hasEnded()) throw new TestbedError(`QEMU ended: ${await machine.ended}`);
        return existsSync(path) ? path : null;
      },
      () => serialEnd(files),
    );
  try {
    using qmp = await openQmp(await there(files.qmp));
    await until(
      'the restore to end',
      RESTORE_MS,
      async () => (((await qmp.ask('query-status')) as { status: string }).status === 'inmigrate' ? null : true),
      () => serialEnd(files),
      LOOK_MS,
    );
    const cpu = await cpuThread(qmp, machine.pid);
    const waited = () => guestWait(cpu);
    await qmp.ask('cont');
    const shell = await openGuestShell(await there(files.shell), () => lastWordsOf(machine, files), waited);
    const set = await shell.run(`date -s @${(Date.now() / 1000).toFixed(3)} >/dev/null && echo up`, RESTORE_MS);
    if (set.code !== 0 || set.output !== 'up\n')
      throw new TestbedError(`a restored guest answered its first command with: ${set.output.trim()}`);
    return {
      shell,
      answeredAfterMs: performance.now() - start,
      pid: machine.pid,
      cpu,
      serial: files.serial,
      async ask(command, args) {
        // It talks to one at a time.
        using control = await openQmp(files.qmp);
        return await control.ask(command, args);
      },
      agent: () => openGuestAgent(machine, files, waited),
      async [Symbol.asyncDispose]() {
        shell[Symbol.dispose]();
        machine.kill();
        await machine.ended;
      },
    };
  } catch (error) {
    machine.kill();
    await machine.ended;
    throw error;
  }
}
