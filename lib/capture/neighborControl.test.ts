import { expect, test } from '@playwright/test';
import { classify, newClassification } from '../wire/classify.js';
import { KINDS } from '../wire/kinds.js';
import { readToken } from '../wire/token.js';
import { neighborControl } from './neighborControl.js';

test('a control frame for a place that shows ARP and Neighbor Discovery alone is one of each, with one token, and claims no address', () => {
  const salt = 7;
  const frames = neighborControl({ source: '02:00:00:00:00:01', tags: [], salt, id: 1_000_000_003 });
  const kinds = frames.map((frame) => KINDS[classify(frame, 0, frame.length, newClassification())]?.id);
  expect(kinds).toEqual(['arp-probe', 'ns-dad']);
  expect(frames.map((frame) => readToken(frame, 0, frame.length, salt))).toEqual([1_000_000_003, 1_000_000_003]);
});
