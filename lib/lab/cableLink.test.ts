import { expect, test } from '@playwright/test';
import { need, offer } from '../testbed/capability.js';
import type { Step } from '../testbed/change.js';
import type { LiveTap } from '../testbed/port.js';
import { defaultTopology } from '../testing/defaultLab.js';
import { labPorts } from './ports.js';
import { madeUpLab } from './testing/madeUpLab.js';

const COUNTERS = { receivedByFilter: 9, droppedByKernel: 0, droppedByInterface: 0, portDrops: 1 };

/** A lab of the topology virtio whose cables write down what is asked of them. */
async function lab(dropped: (cable: number, end: 'a' | 'b') => number | null = () => 0) {
  const topology = await defaultTopology('virtio.yaml');
  const told: string[] = [];
  const isOut = new Set<string>();
  const at = (cable: number, end: 'a' | 'b') =>
    end === 'a' ? `host up-${'ab'[cable]}` : `leaf-${'ab'[cable]} to-host`;
  const shut = new Set<string>();
  const made = madeUpLab({
    topology,
    exec(node, argv) {
      const port = argv[argv.indexOf('dev') + 1] ?? '';
      const place = `${node} ${port}`;
      if (argv[0] === 'ip' && argv.includes('set')) {
        told.push(`${place} ${argv.at(-1)}`);
        if (argv.at(-1) === 'down') shut.add(place);
        else shut.delete(place);
      }
      const isDown = isOut.has(place) || shut.has(place);
      return { stdout: `3: ${port}: <${shut.has(place) ? '' : 'UP'}> state ${isDown ? 'DOWN' : 'UP'} mode` };
    },
  });
  const tap = offer({ open: () => Promise.resolve({ stop: () => Promise.resolve(COUNTERS) } as LiveTap) });
  const ports = labPorts(
    topology,
    (name) => made.node(name),
    () => ({ inject: made.port('vm1', 'eth0').inject, tap }),
    {
      setLink(cable, end, isUp) {
        told.push(`${at(cable, end)} ${isUp ? 'in' : 'out'}`);
        if (isUp) isOut.delete(at(cable, end));
        else isOut.add(at(cable, end));
        return Promise.resolve();
      },
      dropped,
    },
  );
  const run = async (steps: readonly Step[]) => {
    for (const step of steps)
      if ('run' in step) await step.run();
      else await made.node(step.node).exec(step.argv);
    return told.splice(0);
  };
  return { ports, run };
}

test('a cable that is out takes the link of both its NICs, and gives it back', async () => {
  const { ports, run } = await lab();
  const cut = need(ports.link('leg-b').cut)();
  expect(await run(cut.steps)).toEqual(['host up-b out', 'leaf-b to-host out']);
  expect(await run(cut.undo)).toEqual(['host up-b in', 'leaf-b to-host in']);
});

test('a NIC that its machine shuts takes the link of the one at the other end', async () => {
  const { ports, run } = await lab();
  const shut = (end: 'a' | 'b') => need(ports.link('leg-a').shut)(end);
  expect(await run(shut('a').steps)).toEqual(['host up-a down', 'leaf-a to-host out']);
  expect(await run(shut('a').undo)).toEqual(['host up-a up', 'leaf-a to-host in']);
  expect(await run(shut('b').steps)).toEqual(['leaf-a to-host down', 'host up-a out']);
});

test('links of VMs are as everywhere', async () => {
  const { ports, run } = await lab();
  expect(await run(need(ports.link('vm1').cut)().steps.slice(0, 1))).toEqual(['vm1 eth0 down']);
});

const stopped = async (dropped: (number | null)[], node: string, port: string) => {
  const { ports } = await lab((cable, end) => (cable === 0 && end === 'b' ? (dropped.shift() ?? null) : 0));
  const live = await need(ports.port(node, port).tap).open({} as never);
  return live.stop();
};

test('frames that were dropped outside are drops of the port that they were for', async () => {
  expect(await stopped([5, 8], 'leaf-a', 'to-host')).toEqual({ ...COUNTERS, portDrops: 4 });
  expect(await stopped([5, 8], 'host', 'up-a')).toEqual(COUNTERS);
  expect(await stopped([5, 8], 'vm1', 'eth0')).toEqual(COUNTERS);
  expect(await stopped([5, null], 'leaf-a', 'to-host')).toEqual({ ...COUNTERS, portDrops: null });
  expect(await stopped([null, 8], 'leaf-a', 'to-host')).toEqual({ ...COUNTERS, portDrops: null });
});
