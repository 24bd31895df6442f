import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { forgetRun, isDead, joinRun, keepRun, readRun, startOf, type RunRecord } from './runRecord.js';
import { HOLDER, tokenOf } from './testing/holder.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-run-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

const [mine, others] = [tokenOf('a'), tokenOf('b')];

function recordIn(folder: string): RunRecord {
  const record = readRun(folder);
  if (record === null) throw new Error('no record');
  return record;
}

test('a run is dead when each of its processes is gone, and only then', async ({ folder }) => {
  expect(readRun(folder)).toBeNull();
  keepRun(folder, { token: mine, holder: HOLDER });
  const record = recordIn(folder);
  expect(record).toMatchObject({ token: mine, holder: HOLDER, processes: [{ pid: process.pid }] });
  expect(isDead(record), 'we live').toBe(false);

  const child = spawn('cat');
  const pid = child.pid ?? 0;
  const one = { pid, start: startOf(pid) ?? '' };
  expect(isDead({ ...record, processes: [one] })).toBe(false);
  const killed = once(child, 'exit');
  child.kill('SIGKILL');
  await killed;
  expect(isDead({ ...record, processes: [one] })).toBe(true);
  expect(isDead({ ...record, processes: [one, ...record.processes] }), 'one of two lives').toBe(false);
  expect(isDead({ ...record, processes: [{ pid: process.pid, start: '1' }] }), 'its number is used again').toBe(true);

  for (const elsewhere of [{ boot: 'another' }, { pidNamespace: 'pid:[1]' }, { processes: [] }])
    expect(isDead({ ...record, processes: [one], ...elsewhere }), JSON.stringify(elsewhere)).toBe(false);
});

test('who has ended and was not waited for is gone', async ({ folder }) => {
  keepRun(folder, { token: mine, holder: HOLDER });
  // A shell that becomes a program which waits for none of its children.
  const parent = spawn('sh', ['-c', 'sh -c "read x" & echo $!; exec cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  // Its stdin is empty: it ends at once, or has ended.
  await expect.poll(() => startOf(pid)).toBeNull();
  const ended = once(parent, 'exit');
  parent.kill('SIGKILL');
  await ended;
});

test('processes of a run join it by its token, and a record that is not whole says nothing', ({ folder }) => {
  keepRun(folder, { token: mine, holder: HOLDER });
  joinRun(folder, others);
  expect(recordIn(folder).processes).toHaveLength(1);
  joinRun(folder, mine);
  expect(recordIn(folder).processes).toHaveLength(2);
  forgetRun(folder, others);
  expect(readRun(folder)).not.toBeNull();
  appendFileSync(join(folder, 'run.jsonl'), '{"pid":');
  expect(readRun(folder)).toBeNull();
  keepRun(folder, { token: mine, holder: HOLDER });
  appendFileSync(join(folder, 'run.jsonl'), 'what?\n');
  expect(readRun(folder)).toBeNull();
  keepRun(folder, { token: mine, holder: HOLDER });
  forgetRun(folder, mine);
  expect(readRun(folder)).toBeNull();
});
