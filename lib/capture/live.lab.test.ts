import { expect, test } from '@playwright/test';
import { need } from '../testbed/capability.js';
import { defaultTopology, openDefaultTestbed } from '../testing/defaultLab.js';
import { controlFrame } from '../wire/control.js';

/** Two hundred megabytes and some, in frames as large as a link takes. */
const WANTED_BYTES = 200_000_000;
const FRAME_BYTES = 1_514;
/** 3 MB at a time, so that what is measured is not what is waiting to be sent. */
const BURST = 2_000;
const RATE = 20_000;
/**
 * What harness and agent may grow by, MiB: far below the capture, and above what a garbage collector may leave
 * uncollected.
 */
const GROWTH_MIB = 96;

const ADDRESSES = { source: '02:00:00:00:00:99', destination: '01:80:c2:00:00:0f' };

/** The most memory that a process had, MiB, from the text of /proc/PID/status. */
const peakMib = (status: string): number => Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;

test('a capture of 200 MB goes through agent and harness, and neither grows by it', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({
    topology: await defaultTopology(),
  });
  const [leg] = lab.topology.legs;
  if (leg === undefined) throw new Error('no leg');
  const { a, b } = lab.link(leg.name);
  const large = Buffer.alloc(FRAME_BYTES);
  controlFrame({ ...ADDRESSES, salt: 2, id: 1 }).forEach((byte, at) => (large[at] = byte));
  const burst = Array.from({ length: BURST }, () => large);
  const send = need(a.inject);
  let bytes = 0;
  const tap = await need(b.tap).open({
    direction: 'in',
    salt: 1,
    sink: { write: (chunk) => void (bytes += chunk.length), end: () => undefined },
  });
  const agent = async () => peakMib((await a.node.exec(['cat', '/proc/1/status'])).stdout);
  const harness = () => process.resourceUsage().maxRSS / 1024;
  // The first burst does not count as growth: it allocates the buffers.
  await send(burst, RATE);
  const before = { agent: await agent(), harness: harness() };
  for (let id = 1; bytes < WANTED_BYTES; id++) {
    await send([...burst, controlFrame({ ...ADDRESSES, salt: 1, id })], RATE);
    expect(await tap.missing([id], lab.timing.command), 'the fence behind a burst').toEqual([]);
  }
  const after = { agent: await agent(), harness: harness() };
  const counters = await tap.stop();
  const figures = JSON.stringify({ bytes, before, after, ...counters });
  test.info().annotations.push({ type: 'peak RSS, MiB', description: figures });
  expect(counters.droppedByKernel, figures).toBe(0);
  expect(after.agent - before.agent, figures).toBeLessThan(GROWTH_MIB);
  expect(after.harness - before.harness, figures).toBeLessThan(GROWTH_MIB);
});
