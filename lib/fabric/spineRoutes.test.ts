import { expect, test } from '@playwright/test';
import { readRoutes } from './spineRoutes.js';

test('a route over one leaf, over two, and over a link that is down', () => {
  const json = JSON.stringify([
    { dst: '198.51.100.11', nhid: 12, gateway: '203.0.113.0', dev: 'leaf-a', protocol: 'bgp', flags: [] },
    {
      dst: '198.51.100.12',
      nhid: 14,
      protocol: 'bgp',
      flags: [],
      nexthops: [
        { gateway: '203.0.113.2', dev: 'leaf-b', weight: 1, flags: [] },
        { gateway: '203.0.113.0', dev: 'leaf-a', weight: 1, flags: [] },
      ],
    },
    {
      dst: '2001:db8:20::11',
      nhid: 15,
      protocol: 'bgp',
      flags: [],
      nexthops: [
        { dev: 'leaf-a', flags: ['dead', 'linkdown'] },
        { dev: 'leaf-b', flags: [] },
      ],
    },
  ]);
  expect([...readRoutes(json)]).toEqual([
    ['198.51.100.11', ['leaf-a']],
    ['198.51.100.12', ['leaf-a', 'leaf-b']],
    ['2001:db8:20::11', ['leaf-b']],
  ]);
});

test('an empty table', () => {
  expect(readRoutes('').size).toBe(0);
  expect(readRoutes('[]').size).toBe(0);
});
