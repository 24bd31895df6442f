import { spawn } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { until } from '../until.js';
import { cpuThread, guestWait, threadWait } from './cpuThread.js';

/** Beside each other on one CPU. */
const BUSY = ['-c', '0', 'sh', '-c', 'while :; do :; done'];

test('a thread that shares its CPU is seen to wait for it, and one that is gone says nothing', async () => {
  const [first, second] = [1, 2].map(() => spawn('taskset', BUSY, { stdio: 'ignore' }));
  if (first?.pid === undefined || second === undefined) throw new Error('taskset is not there');
  try {
    const thread = { pid: first.pid, tid: first.pid };
    const waited = await until('it to wait', 20_000, async () => {
      const wait = await threadWait(thread);
      return wait !== null && wait > 20e6 ? wait : null;
    });
    expect(waited).toBeGreaterThan(20e6);
    // As that of a guest whose CPU is gone, while QEMU is not.
    expect(await guestWait({ pid: first.pid, tid: 0 })).toBeGreaterThan(20e6);
    const gone = new Promise((resolve) => first.once('close', resolve));
    first.kill('SIGKILL');
    await gone;
    expect(await threadWait(thread)).toBeNull();
    expect(await guestWait(thread)).toBeNull();
  } finally {
    first.kill('SIGKILL');
    second.kill('SIGKILL');
  }
});

test('the CPU of a guest is the thread that QEMU names', async () => {
  const qmp = (answer: unknown) => ({ ask: () => Promise.resolve(answer), [Symbol.dispose]: () => undefined });
  expect(await cpuThread(qmp([{ 'cpu-index': 0, 'thread-id': 12 }]), 7)).toEqual({ pid: 7, tid: 12 });
  expect(await cpuThread(qmp([]), 7)).toEqual({ pid: 7, tid: 7 });
});
