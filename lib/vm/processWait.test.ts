import { spawn } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { until } from '../until.js';
import { processWait } from './processWait.js';

/** Beside each other on one CPU. */
const BUSY = ['-c', '0', 'sh', '-c', 'while :; do :; done'];

test('a process that shares its CPU is seen to wait for it, and one that is gone says nothing', async () => {
  const [first, second] = [1, 2].map(() => spawn('taskset', BUSY, { stdio: 'ignore' }));
  if (first?.pid === undefined || second === undefined) throw new Error('taskset is not there');
  try {
    const { pid } = first;
    const waited = await until('it to wait', 20_000, async () => {
      const wait = await processWait(pid);
      return wait !== null && wait > 20e6 ? wait : null;
    });
    expect(waited).toBeGreaterThan(20e6);
    const gone = new Promise((resolve) => first.once('close', resolve));
    first.kill('SIGKILL');
    await gone;
    expect(await processWait(pid)).toBeNull();
  } finally {
    first.kill('SIGKILL');
    second.kill('SIGKILL');
  }
});
