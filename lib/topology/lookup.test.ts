import { defaultTopology } from '../testing/defaultLab.js';
import { expect, test } from '@playwright/test';
import { legNamed, legTo } from './legs.js';
import { senderNamed, sendersOf } from './senders.js';

test('senders and legs are found by name, and a name that is wrong is told with those that are right', async () => {
  const topology = await defaultTopology('dual-leaf.yaml');
  expect(sendersOf(topology).map(({ node }) => node)).toEqual(['host', 'vm1', 'vm2', 'vm3']);
  expect(senderNamed(topology, 'vm2').mac).toBe(topology.vms[1]?.mac);
  expect(() => senderNamed(topology, 'vm9')).toThrow(
    'this topology has no sender "vm9"; there are host, vm1, vm2, vm3',
  );
  expect(legNamed(topology, 'leg-b').leaf).toBe('leaf-b');
  expect(() => legNamed(topology, 'leg-z')).toThrow('this topology has no leg "leg-z"; there are leg-a, leg-b');
  expect(legTo(topology, 'leaf-b').name).toBe('leg-b');
  expect(() => legTo(topology, 'leaf-z')).toThrow(
    'no leg of this topology leads to "leaf-z"; there are leaf-a, leaf-b',
  );
});
