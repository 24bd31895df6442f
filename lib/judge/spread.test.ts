import { expect, test } from '@playwright/test';
import { fewestFlows, spreadFindings } from './spread.js';

test('the more legs there are, the more flows it takes to tell, also where a bond deals unevenly', () => {
  expect([2, 3, 4].map(fewestFlows)).toEqual([20, 50, 110]);
});

test('an empty leg of four is told from so many flows of one sender on, and not before', () => {
  const run = (flows: number) => spreadFindings(Array.from({ length: flows }, (_, flow) => ({ sender: 'vm1', flow, leaf: flow % 3 })), [0, 1, 2, 3], ['leaf-a', 'leaf-b', 'leaf-c', 'leaf-d']);
  expect(run(109)).toEqual([]);
  expect(run(110)).toMatchObject([{ signature: 'data-not-spread', verdict: 'fail', sender: 'vm1', count: 1, of: 4, sentence: '110 data flows of vm1 were spread over the legs and none of them reached leaf-d.' }]);
});
