import { expect, test } from '@playwright/test';
import { COOKED, DIFFERENT_ENDS, NO_ETHERNET, ONE_PORT } from './testing/endKinds.js';
import { misjudged, TWELVE } from './testing/twins.js';

const FORTY = Array.from({ length: 40 }, (_, i) => i + 1);

test('leaves that are captured in different ways are judged', () => {
  expect(misjudged(DIFFERENT_ENDS, 'told', FORTY)).toEqual([]);
});

test('captures of every interface are judged, or it is said what they lack', () => {
  expect(misjudged(COOKED, 'never wrong', TWELVE, /-i any|every interface/)).toEqual([]);
});

test('link types that are not read are named', () => {
  const seeds = Array.from({ length: 30 }, (_, i) => i + 1);
  expect(misjudged(NO_ETHERNET, 'doubtful', seeds, /have? no Ethernet header that can be read, as /)).toEqual([]);
});

test('two captures of one port prove nothing, however they differ', () => {
  expect(misjudged(ONE_PORT, 'doubtful', FORTY)).toEqual([]);
});
