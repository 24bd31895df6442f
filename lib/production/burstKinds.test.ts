import { expect, test } from '@playwright/test';
import { takeovers } from './testing/burstKinds.js';
import { misjudged } from './testing/twins.js';

const FORTY = Array.from({ length: 40 }, (_, i) => i + 1);

test('announcements amid takeovers: what is wrong with one of them is told', () => {
  expect(misjudged(takeovers('alone'), 'never wrong', FORTY)).toEqual([]);
});

test('one more or fewer in a burst does not pass, and as many on each leaf do not fail', () => {
  // One fewer here is one too many elsewhere where nothing shows how many were said.
  const wrong = misjudged(takeovers('in a burst'), 'never wrong', FORTY);
  expect(wrong.filter(({ fate, verdict }) => fate !== 'lost' || verdict !== 'fail')).toEqual([]);
});
