import { expect, test } from '@playwright/test';
import { NeverHappened } from './until.js';
import { retrying } from './retrying.js';

const PAUSES = { first: 1, longest: 4 };
const LONG = 5_000;

test('work is repeated until it succeeds, and then rests', async () => {
  let tries = 0;
  const retried = retrying(
    'it',
    () => (++tries < 4 ? Promise.reject(new Error(`no ${tries}`)) : Promise.resolve()),
    PAUSES,
  );
  retried.touch();
  await retried.settled(LONG);
  expect({ tries, failure: retried.failure() }).toEqual({ tries: 4, failure: null });
  await retried.close();
  expect(tries).toBe(4);
});

test('a change during the work makes it due once more, however many changes there were', async () => {
  let rounds = 0;
  let finish: () => void = () => undefined;
  const retried = retrying(
    'it',
    () => (rounds++ === 0 ? new Promise<void>((resolve) => (finish = resolve)) : Promise.resolve()),
    PAUSES,
  );
  retried.touch();
  for (let i = 0; i < 5; i++) retried.touch();
  finish();
  await retried.settled(LONG);
  expect(rounds).toBe(2);
});

test('the work is never under way twice', async () => {
  let under = 0;
  let most = 0;
  const retried = retrying(
    'it',
    async () => {
      most = Math.max(most, ++under);
      await new Promise((resolve) => setImmediate(resolve));
      under--;
    },
    PAUSES,
  );
  for (let i = 0; i < 20; i++) {
    retried.touch();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await retried.settled(LONG);
  expect(most).toBe(1);
});

test('a change ends the pause after a failure', async () => {
  let tries = 0;
  const retried = retrying('it', () => (++tries === 1 ? Promise.reject(new Error('no')) : Promise.resolve()), {
    first: 3_600_000,
    longest: 3_600_000,
  });
  retried.touch();
  while (retried.failure() === null) await new Promise((resolve) => setImmediate(resolve));
  retried.touch();
  await retried.settled(LONG);
  expect(tries).toBe(2);
});

test('what never succeeds is said with its last failure, and closing ends it', async () => {
  let tries = 0;
  const retried = retrying('peace', () => Promise.reject(new Error(`no ${++tries}`)), {
    first: 3_600_000,
    longest: 3_600_000,
  });
  retried.touch();
  await expect(retried.settled(5)).rejects.toThrow(NeverHappened);
  await expect(retried.settled(0)).rejects.toThrow(/peace; last seen: no 1/);
  await retried.close();
  retried.touch();
  await retried.close();
  expect(tries).toBe(1);
});

test('closing waits for the work that is under way', async () => {
  let finished = false;
  const retried = retrying(
    'it',
    async () => {
      await new Promise((resolve) => setImmediate(resolve));
      finished = true;
    },
    PAUSES,
  );
  retried.touch();
  await retried.close();
  expect(finished).toBe(true);
});
