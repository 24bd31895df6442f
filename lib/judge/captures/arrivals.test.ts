import { expect, test } from '@playwright/test';
import { createArrivals } from './arrivals.js';

/** More than the room that a list begins with, twice over. */
const MANY = 20_000;

test('of many frames each keeps its time, also where the list has grown', () => {
  const arrivals = createArrivals();
  const times = Float64Array.from({ length: MANY }, (_, i) => 1_000 + i * 0.5);
  for (let i = 0; i < MANY; i++) arrivals.whole(times, i);
  expect(arrivals.wholes()).toEqual(times);
  expect(arrivals.wholeTimes.length).toBeGreaterThanOrEqual(MANY);
});
