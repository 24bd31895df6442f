import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Guest } from './guestPart.js';
import { restoreGuest, type LiveGuest } from './restore.js';
import { openScratch } from './scratch.js';

/** Gives guests, each used once: never more at a time than there are cores. */
export interface GuestPool extends AsyncDisposable {
  /** Waits for a free place. Throws TestbedError when the guest does not come up: it is not tried again. */
  take(): Promise<LiveGuest>;
}

/**
 * @param snapshot folder of a proved snapshot of this guest
 * @param restore is replaced in tests
 */
export function openPool(
  guest: Guest,
  snapshot: string,
  size: number = availableParallelism(),
  restore: typeof restoreGuest = restoreGuest,
): GuestPool {
  const scratch = openScratch();
  const waiting: (() => void)[] = [];
  const living = new Set<LiveGuest>();
  let taken = 0;
  let guests = 0;

  async function place(): Promise<void> {
    if (taken >= size) await new Promise<void>((resolve) => waiting.push(resolve));
    else taken++;
  }

  /** The place goes to the next who waits, without being free in between. */
  function giveBack(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
    const next = waiting.shift();
    if (next === undefined) taken--;
    else next();
  }

  return {
    async take() {
      await place();
      const folder = join((await scratch).folder, String(++guests));
      try {
        mkdirSync(folder);
        const live = await restore(guest, snapshot, folder);
        living.add(live);
        return {
          ...live,
          async [Symbol.asyncDispose]() {
            if (!living.delete(live)) return;
            await live[Symbol.asyncDispose]();
            giveBack(folder);
          },
        };
      } catch (error) {
        giveBack(folder);
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...living].map((live) => live[Symbol.asyncDispose]()));
      await (await scratch)[Symbol.asyncDispose]();
    },
  };
}
