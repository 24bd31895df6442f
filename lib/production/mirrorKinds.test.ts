import { expect, test } from '@playwright/test';
import { BOTH_DIRECTIONS, COLLECTOR, MIRRORS_IN_ANYTHING, MIRRORS_IN_MIRRORS } from './testing/mirrorKinds.js';
import { misjudged, TWELVE } from './testing/twins.js';

test('mirrors of mirrors are looked through, up to four', () => {
  expect(misjudged(MIRRORS_IN_MIRRORS, 'told', TWELVE)).toEqual([]);
});

test('mirrors in overlays in mirrors are judged, or it is said what they are in', () => {
  const seeds = Array.from({ length: 30 }, (_, i) => i + 1);
  const reason = /more than four encapsulations|encapsulations inside|whether that is a mirror/;
  expect(misjudged(MIRRORS_IN_ANYTHING, 'never wrong', seeds, reason)).toEqual([]);
});

test('a mirror of both directions is judged by what the leaf received', () => {
  expect(misjudged(BOTH_DIRECTIONS, 'told', TWELVE)).toEqual([]);
});

test("a collector's capture is split into leaves by session, source and VLAN", () => {
  expect(misjudged(COLLECTOR, 'told', TWELVE)).toEqual([]);
});
