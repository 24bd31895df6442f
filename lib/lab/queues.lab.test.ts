import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { none } from '../replicator/none.js';
import { ovsGroup } from '../replicator/ovsGroup.js';
import { bringUpDefault, defaultTopology, openDefaultTestbed } from '../testing/defaultLab.js';
import { WHOLE_RUNS_MS } from '../testing/limits.js';
import { readyQueues } from './queues.js';
import { less, queueOfLacp, sentOn, tryAll } from './testing/queueTrial.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });
test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'labs with several queues: EVERYLEAF_LONG=1');

const QUEUES = 4;
/** More frames than LACP sends beside the probes. */
const MANY = 20;

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'everyleaf-queues-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('with four queues each neighbor frame reaches each leaf once, and a queue that loses frames is noticed', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology: await defaultTopology('multi-queue.yaml') });
  const plane = await bringUpDefault(lab);
  await readyQueues(lab);
  const before = await sentOn(lab, 'up-a');
  const whole = await tryAll(lab, plane, ovsGroup, join(folder, 'whole'), testbed.name);
  const used = less(await sentOn(lab, 'up-a'), before);
  test.info().annotations.push({ type: 'frames on up-a by queue', description: used.join(' ') });
  expect(whole.verdict, whole.sentences.join('\n')).toBe('pass');
  const facts = whole.audit.filter(({ name }) => name.startsWith('queues of '));
  expect(
    facts.map(({ value }) => /^(\d+) transmit, .*: \d+ \d+ \d+ \d+; (\d+) receive,/.exec(value)?.slice(1)),
  ).toEqual(Array<unknown>(10).fill([`${QUEUES}`, `${QUEUES}`]));
  expect(used.filter((frames) => frames > MANY).length, used.join(' ')).toBeGreaterThanOrEqual(2);

  const lacp = await queueOfLacp(lab, 'up-a');
  const others = used.map((frames, queue) => (queue === lacp ? -1 : frames));
  const lossy = others.indexOf(Math.max(...others));
  expect(others[lossy]).toBeGreaterThan(MANY);
  await lab.node('host').exec(`tc qdisc replace dev up-a parent 1:${lossy + 1} pfifo limit 0`.split(' '));
  const tampered = await tryAll(lab, plane, ovsGroup, join(folder, 'lossy'), testbed.name);
  expect(tampered.verdict).toBe('fail');
  expect(tampered.sentences.join('\n')).toMatch(/leaf-a never saw/);
  expect(tampered.sentences.join('\n')).not.toMatch(/leaf-b never saw/);
});

test('without a replicator a leaf that is named misses frames, also with four queues', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology: await defaultTopology('multi-queue.yaml') });
  const without = await tryAll(lab, await bringUpDefault(lab), none, join(folder, 'none'), testbed.name);
  expect(without.verdict).toBe('fail');
  expect(without.sentences.join('\n')).toMatch(/leaf-[ab] never saw/);
});
