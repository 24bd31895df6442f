import { defaultTopology } from '../testing/defaultLab.js';
import { expect, test } from '@playwright/test';
import { drawTopology } from './picture.js';
import { topologySvg } from './svg.js';

const topology = await defaultTopology('fabric.yaml');

test('links have a /31 and a /127 each, and the client a network of its own', () => {
  expect(topology.fabric).toEqual({
    spine: 'spine',
    ipv4: '203.0.113.0/24',
    ipv6: '2001:db8:fab::/48',
    uplinks: [
      {
        leaf: 'leaf-a',
        leafPort: 'to-spine',
        spinePort: 'leaf-a',
        leafIpv4: '203.0.113.0',
        spineIpv4: '203.0.113.1',
        leafIpv6: '2001:db8:fab::',
        spineIpv6: '2001:db8:fab::1',
      },
      {
        leaf: 'leaf-b',
        leafPort: 'to-spine',
        spinePort: 'leaf-b',
        leafIpv4: '203.0.113.2',
        spineIpv4: '203.0.113.3',
        leafIpv6: '2001:db8:fab::2',
        spineIpv6: '2001:db8:fab::3',
      },
    ],
    client: {
      node: 'client',
      nic: 'eth0',
      mac: '02:00:00:03:00:01',
      spinePort: 'client',
      network4: '203.0.113.128/25',
      network6: '2001:db8:fab:8000::/49',
      gateway4: '203.0.113.129',
      gateway6: '2001:db8:fab:8000::1',
      ipv4: '203.0.113.130',
      ipv6: '2001:db8:fab:8000::2',
    },
  });
});

test('a topology without spine and client has no fabric', async () => {
  expect(await defaultTopology()).not.toHaveProperty('fabric');
});

test('both pictures show spine and client', () => {
  const text = drawTopology(topology);
  expect(text).toContain('leaf-a ├── to-spine ──┐');
  expect(text).toContain('├── spine ── client');
  expect(text).toContain('leaf-b ├── to-spine ──┘');
  const svg = topologySvg(topology);
  for (const name of ['spine', 'client']) expect(svg).toContain(`>${name}</text>`);
  expect(svg).toContain('Above the leaves: spine, with client behind it.');
  // One link down to each leaf, and nothing below it moved out of the picture.
  expect(svg.match(/>to-spine</g)).toHaveLength(2);
});
