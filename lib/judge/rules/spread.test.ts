import { expect, test } from '@playwright/test';
import { fewestFlows, flowsFor, MOST_FLOWS, spreadFindings } from './spread.js';

test('the more legs there are, the more flows it takes to tell, also where a bond deals unevenly', () => {
  expect([2, 3, 4].map(fewestFlows)).toEqual([20, 50, 110]);
});

test('an empty leg of four is told from so many flows of one sender on, and not before', () => {
  const run = (flows: number) =>
    spreadFindings(
      Array.from({ length: flows }, (_, flow) => ({ sender: 'vm1', flow, leaf: flow % 3 })),
      [0, 1, 2, 3],
      ['leaf-a', 'leaf-b', 'leaf-c', 'leaf-d'],
    );
  expect(run(109)).toEqual([]);
  expect(run(110)).toMatchObject([
    {
      signature: 'data-not-spread',
      verdict: 'fail',
      sender: 'vm1',
      count: 1,
      of: 4,
      sentence: '110 data flows of vm1 were spread over the legs and none of them reached leaf-d.',
    },
  ]);
});

test('however many legs there are, the flows that are sent stay few', () => {
  expect([2, 7, 8, 16, 32, 128].map(flowsFor)).toEqual([
    20,
    fewestFlows(7),
    MOST_FLOWS,
    MOST_FLOWS,
    MOST_FLOWS,
    MOST_FLOWS,
  ]);
  expect(fewestFlows(7)).toBeLessThanOrEqual(MOST_FLOWS);
});

test('of sixteen legs an empty one is not judged, which a note says; a sender that is pinned to one fails all the same', () => {
  const legs = Array.from({ length: 16 }, (_, leaf) => leaf);
  const run = (used: number) =>
    spreadFindings(
      Array.from({ length: MOST_FLOWS }, (_, flow) => ({ sender: 'vm1', flow, leaf: flow % used })),
      legs,
      legs.map((leaf) => `leaf-${leaf}`),
    );
  const note = {
    property: 'P4',
    signature: 'data-not-spread',
    verdict: 'note',
    sentence: expect.stringContaining('an empty one of 16 legs would show with 522393 flows of a sender') as unknown,
  };
  expect(run(15)).toMatchObject([note]);
  expect(run(16)).toMatchObject([note]);
  expect(run(1)).toMatchObject([
    { signature: 'data-not-spread', verdict: 'fail', sender: 'vm1', count: 15, of: 16 },
    note,
  ]);
  expect(spreadFindings([], legs, [])).toEqual([]);
});
