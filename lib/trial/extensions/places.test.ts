import { expect, test } from '@playwright/test';
import { defaultTopology } from '../../testing/defaultLab.js';
import { OTHER_HOST_PORT } from '../../topology/labNames.js';
import { senderNamed } from '../../topology/senders.js';
import { misplaced } from './places.js';

test('a sender must be behind the port to the host at every leaf, in each of its networks', async () => {
  const topology = await defaultTopology();
  const { mac } = senderNamed(topology, 'vm3');
  const senders = ['vm3'];
  const right = topology.legs.flatMap(({ leaf, leafPort }) =>
    [20, 30].map((vlan) => ({ node: leaf, port: leafPort, vlan, mac: mac.toUpperCase() })),
  );
  expect(misplaced({ topology, senders, entries: right })).toEqual([]);
  const [moved, ...rest] = right;
  if (moved === undefined) throw new Error('no row');
  expect(misplaced({ topology, senders, entries: [{ ...moved, port: OTHER_HOST_PORT }, ...rest] })).toEqual([
    'leaf-a has vm3 (VLAN 20) behind other-host',
  ]);
  expect(misplaced({ topology, senders, entries: rest })).toEqual(['leaf-a does not know vm3 (VLAN 20)']);
});
