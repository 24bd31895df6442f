import { expect, test } from '@playwright/test';
import { describeTopology } from '../cli/check.js';
import { delay } from '../fault/delay.js';
import { defaultTopology } from '../testing/defaultLab.js';
import { linkLines } from './links.js';
import { queueFact, queueFacts, readyQueues, sentByQueue } from './queues.js';
import { madeUpLab } from './testing/madeUpLab.js';

/** As tc of iproute2 6.1 writes it: the last queue first. */
const child = (queue: number, packets: number, dev = 'up-a') => ({
  kind: 'pfifo_fast',
  dev,
  parent: `1:${queue}`,
  packets,
});
const SHOWN = JSON.stringify([
  { kind: 'noqueue', dev: 'lo', root: true, packets: 0 },
  { kind: 'mq', handle: '1:', dev: 'up-a', root: true, packets: 18 },
  child(4, 0),
  child(3, 7),
  child(2, 11),
  child(1, 0),
  { kind: 'mq', handle: '1:', dev: 'up-b', root: true },
  child(1, 5, 'up-b'),
  { kind: 'clsact', dev: 'up-a', parent: 'ffff:fff1' },
  { kind: 'noqueue', dev: 'vm1', root: true, packets: 3 },
]);
const COUNTS = 'up-a 4 4 3\nup-b 1 1 0\n';

test('the frames of each queue of a port are read, in the order of the queues', () => {
  expect(sentByQueue(SHOWN, 'up-a')).toEqual([0, 11, 7, 0]);
  expect(sentByQueue(SHOWN, 'up-b')).toEqual([5]);
  expect(sentByQueue(SHOWN, 'vm1')).toBeNull();
  expect(sentByQueue('', 'up-a')).toBeNull();
});

test('a port with other queues than the topology says is told', () => {
  const fact = (port: string, queues: number, counts = COUNTS) => {
    const { name, ok, value } = queueFact({ node: 'host', port, queues }, SHOWN, counts);
    return `${name}: ${ok}: ${value}`;
  };
  expect(fact('up-a', 4)).toBe(
    'queues of host up-a: true: 4 transmit, frames sent by each: 0 11 7 0; 4 receive, to processors 3',
  );
  expect(fact('up-a', 8)).toMatch(/^queues of host up-a: false: /);
  expect(fact('up-b', 4)).toBe(
    'queues of host up-b: false: 1 transmit, frames sent by each: 5; 1 receive, not steered',
  );
  expect(fact('up-a', 4, 'up-a 4 1 0')).toMatch(/: false: /);
  expect(fact('up-a', 4, 'up-a 1 4 0')).toMatch(/: false: /);
  expect(fact('vm1', 4, 'vm1 4 4 0')).toMatch(/: true: 4 transmit, frames sent by each: not counted; /);
  expect(fact('up-a', 4, '')).toBe('queues of host up-a: false: not shown');
});

test('every end of every link has the queues, and nothing is said or asked where there is one', async () => {
  const [many, one] = await Promise.all([defaultTopology('multi-queue.yaml'), defaultTopology()]);
  const lines = (topology: typeof one) => linkLines(topology, (node) => node);
  for (const line of lines(many)) expect(line.match(/ numtxqueues 4 numrxqueues 4/g), line).toHaveLength(2);
  expect(lines(one).join('\n')).not.toContain('queues');
  expect(lines({ ...one, queues: 4 })).toEqual(lines(many));
  const asked: string[] = [];
  const exec = (node: string) => {
    asked.push(node);
    return {};
  };
  await readyQueues(madeUpLab({ topology: one, exec }));
  expect(await queueFacts(madeUpLab({ topology: one, exec }))).toEqual([]);
  expect(asked).toEqual([]);
  await readyQueues(madeUpLab({ topology: many, exec }));
  expect(new Set(asked)).toEqual(new Set(['host', 'leaf-a', 'leaf-b', 'vm1', 'vm2', 'vm3']));
  expect((await queueFacts(madeUpLab({ topology: many }))).map(({ name, ok }) => `${name}: ${ok}`)).toEqual([
    'queues of host up-a: false',
    'queues of host up-b: false',
    'queues of host vm1: false',
    'queues of host vm2: false',
    'queues of host vm3: false',
    'queues of leaf-a to-host: false',
    'queues of leaf-b to-host: false',
    'queues of vm1 eth0: false',
    'queues of vm2 eth0: false',
    'queues of vm3 eth0: false',
  ]);
});

test('who looks at the topology is told of the queues, and of one queue nothing', async () => {
  expect(describeTopology(await defaultTopology('multi-queue.yaml'))).toContain(
    '\n\nqueues  4 to send and 4 to receive on each end of each link\n\n',
  );
  expect(describeTopology(await defaultTopology())).not.toContain('queues');
  expect(describeTopology(await defaultTopology('virtio.yaml'))).toContain(
    '\n\nnics  each leg is a cable between two virtio NICs of a guest\n\n',
  );
});

test('a fault whose queue would take the place of those of a leg is not made there', async () => {
  const topology = await defaultTopology('multi-queue.yaml');
  const [leg] = topology.legs;
  if (leg === undefined) throw new RangeError('no leg');
  expect(await delay.plan({ lab: madeUpLab({ topology }), leg } as never, { ms: 20 })).toMatchObject({
    ok: false,
    lack: { what: 'the fault delay', output: 'multi-queue gives the leg 4 queues of its own' },
  });
});
