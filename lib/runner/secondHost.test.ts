import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import type { DataPlane } from '../dataplane/plane.js';
import { LackError } from '../testbed/capability.js';
import { defaultTopology } from '../testing/defaultLab.js';
import { withSecondWanted } from './secondHost.js';

const plane = (changes: Partial<DataPlane>): DataPlane => ({ ...(DEFAULTS.dataPlanes[0] as DataPlane), ...changes });

test('there is a second host only where it is asked for', async () => {
  const topology = await defaultTopology();
  expect(withSecondWanted(topology, false, plane({ onlyOnce: 'so it is' }))).toBe(topology);
  expect(withSecondWanted(topology, true, plane({})).secondHost?.host.node).toBe('host-2');
});

test('where there can be none, the lack says why', async () => {
  const topology = await defaultTopology();
  const small = { ...topology, networks: topology.networks.map((network) => ({ ...network, ipv4: '192.0.2.0/28' })) };
  for (const [wiring, kind, why] of [
    [topology, plane({ onlyOnce: 'its NICs are those of one host' }), 'its NICs are those of one host'],
    [topology, plane({ isAsFound: true }), 'host and leaves are installed: their wiring is that of the binding'],
    [small, plane({}), 'the network native (192.0.2.0/28) has no room for a second host'],
  ] as const) {
    const ask = () => withSecondWanted(wiring, true, kind);
    expect(ask).toThrow(LackError);
    expect(ask).toThrow(why);
  }
});
