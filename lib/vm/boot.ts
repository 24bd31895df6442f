import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { TestbedError } from '../testbed/error.js';
import { until } from '../until.js';
import type { Guest } from './guestPart.js';
import { READY } from './init.js';
import { consoleEnd } from './consoleEnd.js';
import { startMachine, type GuestFiles, type Machine } from './qemu.js';

/** A cold boot takes 3 to 4 s on an idle machine, and has been seen to take 26 s on a busy one. */
const BOOT_MS = 90_000;
/** A program whose sockets closed has ended soon after. */
const LAST_WORDS_MS = 2_000;
/** Polling interval for a file that grows: costs nothing beside a boot. */
const LOOK_MS = 50;

/** The end of what a guest's kernel said, for a message. */
export function serialEnd(files: GuestFiles): string {
  return consoleEnd(existsSync(files.serial) ? readFileSync(files.serial, 'utf8') : '');
}

/** How a guest ended whose connection closed, for a message. A QEMU that goes on all the same is left to its owner. */
export async function lastWordsOf(machine: Machine, files: GuestFiles): Promise<string> {
  const words = await Promise.race([machine.ended, wait(LAST_WORDS_MS, 'QEMU goes on without it')]);
  return `${words === '' ? 'QEMU said nothing' : words}; ${serialEnd(files)}`;
}

/** Starts a guest from nothing and waits until its shell listens. Throws TestbedError with the end of its console. */
export async function bootGuest(guest: Guest, files: GuestFiles): Promise<Machine> {
  const machine = startMachine(guest, files);
  try {
    await until(
      `a guest of kernel ${guest.release} to boot`,
      BOOT_MS,
      async () => {
        if (machine.hasEnded()) throw new TestbedError(`QEMU ended: ${await machine.ended}; ${serialEnd(files)}`);
        const said = existsSync(files.serial) ? readFileSync(files.serial, 'utf8') : '';
        if (/Kernel panic|Oops/.test(said)) throw new TestbedError(`the guest's kernel died; ${serialEnd(files)}`);
        return said.includes(READY) ? machine : null;
      },
      () => serialEnd(files),
      LOOK_MS,
    );
  } catch (error) {
    machine.kill();
    await machine.ended;
    throw error;
  }
  return machine;
}
