import { expect, test } from '@playwright/test';
import type { KernelResult } from './kernel.js';
import { ANNOUNCEMENTS } from './announcements.js';
import { differencesOf, kernelsPage } from './page.js';
import { judgeState } from './state.js';
import { isNeighbor } from './testing/neighbors.js';
import { madeWay, toOne } from './testing/madeWay.js';
import { WAYS, type Way } from './ways.js';

const [untagged] = WAYS as readonly [Way];
const single = judgeState('single-sent', [[untagged, madeWay(untagged, toOne)]]);
const copied = judgeState('replicated', [
  [untagged, madeWay(untagged, (probe) => (isNeighbor(probe) ? [1, 1] : toOne(probe)))],
]);
const OLD: KernelResult = {
  version: '6.12.1',
  release: '6.12.1-amd64',
  option: 'unsupported',
  said: 'exit 0',
  verdict: 'pass',
  reasons: [],
  off: single,
  on: single,
};
const NEW: KernelResult = { ...OLD, version: '6.17.2', release: '6.17.2-amd64', option: 'supported', on: copied };

test('kinds that all kernels treat alike share a row', () => {
  const page = kernelsPage([OLD, NEW]);
  expect(page).toContain(
    '6.12.1 (6.12.1-amd64): pass; broadcast_neighbor is unsupported, and every frame is sent once',
  );
  expect(page).toMatch(/one leaf +one leaf +one leaf +each leaf\n +arp-request-broadcast, arp-request-unicast,/);
  expect(page).toMatch(/one leaf +one leaf +one leaf +one leaf\n +rarp, rs,/);
  expect(
    Math.max(
      ...page
        .split('\n')
        .filter((line) => line.startsWith('      '))
        .map((line) => line.length),
    ),
  ).toBeLessThan(101);
});

test('differences between neighbors are told once for all kinds that share them', () => {
  expect(differencesOf([OLD, NEW]).map(({ sentence }) => sentence)).toEqual([
    'broadcast_neighbor: unsupported, then supported',
    expect.stringContaining('on, untagged, sent on the bond: one leaf, then each leaf: arp-request-broadcast,'),
  ]);
  expect(differencesOf([NEW, NEW])).toEqual([]);
  expect(kernelsPage([NEW, NEW])).toContain('These kernels do not differ.');
});

test('what decides nothing is told below the kernel', () => {
  expect(kernelsPage([{ ...NEW, notes: ['on: early'] }])).toContain('is supported\n  note: on: early\n');
});

test('a kernel that announces too early, and the next one does not, is a difference', () => {
  const cell = { sent: 1, leaves: {}, seen: 'each-leaf', duty: 'replicated', verdict: 'pass' } as const;
  const cells = { ...copied.cells, [ANNOUNCEMENTS.id]: { 'arp-untagged': cell } };
  const kernel = (notes?: readonly string[]): KernelResult => ({
    ...NEW,
    on: { ...copied, cells, ...(notes === undefined ? {} : { notes }) },
  });
  expect(differencesOf([kernel(['early']), kernel()]).map(({ sentence }) => sentence)).toEqual([
    'on, that the kernel sends by itself when a port is back: some before the port is in use, then all in time',
  ]);
  expect(differencesOf([kernel(), kernel()])).toEqual([]);
  for (const pair of [
    [NEW, kernel(['early'])],
    [kernel(['early']), NEW],
  ])
    expect(differencesOf(pair)).toEqual([]);
});

test('a guest that failed is a column without cells', () => {
  const dead: KernelResult = {
    ...OLD,
    option: 'unknown',
    verdict: 'blocked',
    reasons: ['no answer'],
    off: null,
    on: null,
  };
  expect(kernelsPage([dead, NEW])).toContain(
    '6.12.1 (6.12.1-amd64): blocked; broadcast_neighbor is unknown\n  no answer',
  );
});
