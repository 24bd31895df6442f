import { expect, test } from '@playwright/test';
import { PARTLY_TOGETHER, SET_CLOCK, SPARSE_POLLS, SPELL } from './testing/clockKinds.js';
import { misjudged, TWELVE } from './testing/twins.js';

test('a clock that is set while it captures makes no frame late or missing', () => {
  const seeds = Array.from({ length: 40 }, (_, i) => i + 1);
  expect(misjudged(SET_CLOCK, 'never wrong', seeds, /a clock was set|go back by|not known for sure/)).toEqual([]);
});

test('polls that say the same, with clocks far apart that drift, are judged', () => {
  expect(misjudged(SPARSE_POLLS, 'told', TWELVE)).toEqual([]);
});

test('captures that overlap in part are judged where they do', () => {
  expect(misjudged(PARTLY_TOGETHER, 'told', TWELVE)).toEqual([]);
});

test('spells of one frame that begin and end while both capture: nothing right fails, nothing wrong passes', () => {
  const seeds = Array.from({ length: 30 }, (_, i) => i + 1);
  expect(misjudged(SPELL, 'never wrong', seeds, /the common frames repeat|not known for sure/)).toEqual([]);
});
