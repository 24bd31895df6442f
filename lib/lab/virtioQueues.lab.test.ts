import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { dataPlaneNamed, testbedNamed } from '../registries.js';
import { broadcastNeighbor } from '../replicator/broadcastNeighbor.js';
import { none } from '../replicator/none.js';
import { loadTopology } from '../run/loadTopology.js';
import { need } from '../testbed/capability.js';
import { ARE_ASKED, notTested } from '../vm/testing/guestTests.js';
import { VIRTIO_QUEUES } from '../topology/virtio.js';
import { readyQueues } from './queues.js';
import { less, queueOfLacp, sentOn, tryAll } from './testing/queueTrial.js';

test.skip(!ARE_ASKED, notTested('legs between virtio NICs with several queues, in guests'));
// Builds the guest the first time.
test.setTimeout(900_000);

const VARIANT = '802.3ad';
/** More frames than LACP sends beside the probes. */
const MANY = 20;

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'everyleaf-virtio-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('over virtio NICs each neighbor frame reaches each leaf once, by several queues, and one that loses frames is noticed', async () => {
  const bond = dataPlaneNamed('kernel-bond', DEFAULTS);
  const choice = { kind: bond.kind, variant: VARIANT };
  const topology = await loadTopology(join(PACKAGE_ROOT, 'topologies/virtio.yaml'), DEFAULTS.dataPlanes, choice);
  await using testbed = await testbedNamed('vm', DEFAULTS).open({ binding: null });
  await using lab = await testbed.open({ topology });
  const plane = await bond.bringUp(lab, VARIANT);
  await readyQueues(lab);
  const before = await sentOn(lab, 'up-a');
  const whole = await tryAll(lab, plane, broadcastNeighbor, join(folder, 'whole'), testbed.name);
  const used = less(await sentOn(lab, 'up-a'), before);
  test.info().annotations.push({ type: 'frames on up-a by queue', description: used.join(' ') });
  expect(whole.verdict, whole.sentences.join('\n')).toBe('pass');
  const values = (start: string) => whole.audit.flatMap(({ name, value }) => (name.startsWith(start) ? [value] : []));
  expect(values('NIC of ')).toEqual(Array<string>(4).fill('virtio_net'));
  for (const value of values('queues of host up-'))
    expect(value).toMatch(/^4 transmit, frames sent by each: \d+ \d+ \d+ \d+; 4 receive,/);
  expect(used, 'a counter for each queue').toHaveLength(VIRTIO_QUEUES);
  expect(used.filter((frames) => frames > MANY).length, used.join(' ')).toBeGreaterThanOrEqual(2);

  const without = await tryAll(lab, plane, none, join(folder, 'none'), testbed.name);
  expect(without.verdict).toBe('fail');

  const lacp = await queueOfLacp(lab, 'up-a');
  const others = used.map((frames, queue) => (queue === lacp ? -1 : frames));
  const lossy = others.indexOf(Math.max(...others));
  expect(others[lossy]).toBeGreaterThan(MANY);
  await lab.node('host').exec(`tc qdisc replace dev up-a parent 1:${lossy + 1} pfifo limit 0`.split(' '));
  const tampered = await tryAll(lab, plane, broadcastNeighbor, join(folder, 'lossy'), testbed.name);
  expect(tampered.verdict).toBe('fail');
  expect(tampered.sentences.join('\n')).toMatch(/leaf-a never saw/);
  expect(tampered.sentences.join('\n')).not.toMatch(/leaf-b never saw/);

  // Throws where an end keeps its carrier, or does not get it back.
  const [leg] = topology.legs;
  const { cut, shut } = lab.link(leg?.name ?? '');
  for (const change of [need(cut)(), need(shut)('a'), need(shut)('b')]) {
    const applied = await lab.apply(change);
    await applied.undo();
  }
});
