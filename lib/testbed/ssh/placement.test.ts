import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { loadBinding } from '../../binding/load.js';
import { DEFAULTS } from '../../defaults.js';
import { defaultTopology } from '../../testing/defaultLab.js';
import type { Topology } from '../../topology/model.js';
import { place } from './placement.js';

test('real ports have the queues that they have', async () => {
  const file = join('topologies', 'bindings', 'two-linux-leaves.yaml');
  const { binding } = await loadBinding(file, DEFAULTS.dataPlanes);
  expect(place(await defaultTopology('multi-queue.yaml'), binding, file)).toEqual({
    what: '4 queues on each port of multi-queue',
    command: `everyleaf check ${file}`,
    output: 'the ports of a binding have the queues that they have',
  });
  const virtio: Topology = { ...(await defaultTopology()), name: 'virtio', nics: 'virtio' };
  expect(place(virtio, binding, file)).toEqual({
    what: 'virtio NICs on the legs of virtio',
    command: `everyleaf check ${file}`,
    output: 'the ports of a binding are what they are',
  });
  expect(place(await defaultTopology(), binding, file)).toMatchObject({ ports: { length: 4 } });
});
