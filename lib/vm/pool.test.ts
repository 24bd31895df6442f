import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from '@playwright/test';
import { PLAIN } from './hardware.js';
import { openPool } from './pool.js';
import type { LiveGuest, restoreGuest } from './restore.js';

const QEMU = { version: 'QEMU emulator version 7.2.22', program: 'no-such-program', options: [], env: {} };
const GUEST = { folder: '/nowhere', programs: '/nowhere', release: '1', hardware: PLAIN, qemu: QEMU };

function liveGuest(folder: string, gone: string[]): LiveGuest {
  return {
    shell: { run: () => Promise.resolve({ code: 0, output: '' }), [Symbol.dispose]: () => undefined },
    answeredAfterMs: 0,
    pid: 0,
    cpu: { pid: 0, tid: 0 },
    serial: folder,
    ask: () => Promise.reject(new Error('there is no QEMU')),
    agent: () => Promise.reject(new Error('it has none')),
    [Symbol.asyncDispose]: () => Promise.resolve(void gone.push(folder)),
  };
}

test('never more guests than places; each is new, and nothing of it stays', async () => {
  const gone: string[] = [];
  const restore: typeof restoreGuest = (_guest, _snapshot, folder) => Promise.resolve(liveGuest(folder, gone));
  const pool = openPool(GUEST, '/nowhere', 1, restore);
  const first = await pool.take();
  let isThere = false;
  const second = pool.take().then((live) => ((isThere = true), live));
  await Promise.resolve();
  expect(isThere).toBe(false);
  await first[Symbol.asyncDispose]();
  const { serial } = await second;
  expect(serial).not.toBe(first.serial);
  expect(existsSync(first.serial)).toBe(false);
  await pool[Symbol.asyncDispose]();
  expect(gone).toEqual([first.serial, serial]);
  expect(existsSync(dirname(serial))).toBe(false);
});

test('a guest that does not come up is not tried again, and its place is free', async () => {
  let tries = 0;
  const restore: typeof restoreGuest = (_guest, _snapshot, folder) =>
    ++tries === 1 ? Promise.reject(new Error('silent')) : Promise.resolve(liveGuest(folder, []));
  await using pool = openPool(GUEST, '/nowhere', 1, restore);
  await expect(pool.take()).rejects.toThrow('silent');
  expect(tries).toBe(1);
  await pool.take();
});
