import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Plane } from '../dataplane/plane.js';
import { DEFAULTS } from '../defaults.js';
import { judgeEvidence } from '../evidence/judge.js';
import { readEvidence } from '../evidence/read.js';
import { dutyOf } from '../profile/duty.js';
import { none } from '../replicator/none.js';
import { ovsGroup } from '../replicator/ovsGroup.js';
import { installRestartable } from '../replicator/restartable.js';
import type { Replicator } from '../replicator/types.js';
import type { Lab } from '../testbed/lab.js';
import { bringUpDefault, defaultTopology, openDefaultTestbed } from '../testing/defaultLab.js';
import { HANGS_MS, WHOLE_RUNS_MS } from '../testing/limits.js';
import { startStopwatch } from '../trial/stopwatch.js';
import { openTrial } from '../trial/trial.js';
import { until } from '../until.js';
import { KINDS } from '../wire/kinds.js';
import { readyQueues, sentByQueue } from './queues.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });
test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'labs with several queues: EVERYLEAF_LONG=1');

const NEIGHBOR_KINDS = KINDS.map(({ id }) => id).filter(
  (id) => dutyOf(ovsGroup.profile, id, 'untagged') === 'replicated',
);
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

/** Frames that each queue of an uplink has sent. */
async function sentOn(lab: Lab, port: string): Promise<readonly number[]> {
  const { stdout } = await lab.node('host').exec(['tc', '-s', '-j', 'qdisc', 'show']);
  return sentByQueue(stdout, port) ?? [];
}

const less = (after: readonly number[], before: readonly number[]) => after.map((sent, i) => sent - (before[i] ?? 0));

/** Every neighbor form of all senders, once through a lab that is up. */
async function tryAll(lab: Lab, plane: Plane, replicator: Replicator, name: string) {
  await using installed = await installRestartable(replicator, { lab, plane });
  const trial = await openTrial({
    lab,
    plane,
    replicator,
    installed,
    faults: DEFAULTS.faults,
    folder: join(folder, name),
    intent: { type: 'qualify' },
    scenario: 'queues',
    testbed: 'netns',
    environment: {},
    stopwatch: startStopwatch(),
    witnesses: [],
    watchLegs: false,
  });
  await trial.send(NEIGHBOR_KINDS, { copies: 4, group: 'neighbor frames' });
  await trial.close();
  const evidence = readEvidence(join(folder, name));
  const { verdict, findings } = judgeEvidence(evidence);
  return { verdict, sentences: findings.map(({ sentence }) => sentence), audit: evidence.manifest.audit };
}

/** LACPDUs leave by one queue: the first that sends while nobody else does. */
const queueOfLacp = async (lab: Lab, port: string): Promise<number> => {
  const before = await sentOn(lab, port);
  return until('an LACPDU to be sent', HANGS_MS, async () => {
    const queue = less(await sentOn(lab, port), before).findIndex((sent) => sent > 0);
    return queue < 0 ? null : queue;
  });
};

test('with four queues each neighbor frame reaches each leaf once, and a queue that loses frames is noticed', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology: await defaultTopology('multi-queue.yaml') });
  const plane = await bringUpDefault(lab);
  await readyQueues(lab);
  const before = await sentOn(lab, 'up-a');
  const whole = await tryAll(lab, plane, ovsGroup, 'whole');
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
  const tampered = await tryAll(lab, plane, ovsGroup, 'lossy');
  expect(tampered.verdict).toBe('fail');
  expect(tampered.sentences.join('\n')).toMatch(/leaf-a never saw/);
  expect(tampered.sentences.join('\n')).not.toMatch(/leaf-b never saw/);
});

test('without a replicator a leaf that is named misses frames, also with four queues', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology: await defaultTopology('multi-queue.yaml') });
  const without = await tryAll(lab, await bringUpDefault(lab), none, 'none');
  expect(without.verdict).toBe('fail');
  expect(without.sentences.join('\n')).toMatch(/leaf-[ab] never saw/);
});
