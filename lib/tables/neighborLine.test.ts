import { expect, test } from '@playwright/test';
import { readNeighborLine } from './neighborLine.js';

const AT = '1767323045678901000';

test('reads a change of an entry, in UTC, with every digit of the clock', () => {
  expect(
    readNeighborLine(
      'leaf-a',
      '[2026-01-02T03:04:05.678901] 198.51.100.11 dev gw-v20 lladdr 02:00:00:00:01:0a REACHABLE',
    ),
  ).toEqual({ leaf: 'leaf-a', ip: '198.51.100.11', port: 'gw-v20', state: 'REACHABLE', atNs: AT });
});

test('reads IPv6, and flags between the address and the state', () => {
  expect(
    readNeighborLine(
      'leaf-b',
      '[2026-01-02T03:04:05.678901] 2001:db8:20::11 dev gw-v20 lladdr 02:00:00:00:01:0a router PROBE',
    )?.state,
  ).toBe('PROBE');
  expect(readNeighborLine('leaf-b', '[2026-01-02T03:04:05.678901] 2001:db8:20::11 dev gw-v20 FAILED')?.state).toBe(
    'FAILED',
  );
});

test('an entry that is gone is deleted, whatever state it was in', () => {
  expect(
    readNeighborLine(
      'leaf-a',
      '[2026-01-02T03:04:05.678901] Deleted 198.51.100.11 dev gw-v20 lladdr 02:00:00:00:01:0a STALE',
    )?.state,
  ).toBe('DELETED');
});

test('is silent about lines that tell of no neighbor', () => {
  expect(readNeighborLine('leaf-a', '')).toBeNull();
  expect(
    readNeighborLine('leaf-a', '[2026-01-02T03:04:05.678901] 198.51.100.11 dev gw-v20 lladdr 02:00:00:00:01:0a ODD'),
  ).toBeNull();
  expect(readNeighborLine('leaf-a', '198.51.100.11 dev gw-v20 lladdr 02:00:00:00:01:0a STALE')).toBeNull();
});
