import { expect, test } from '@playwright/test';
import { hangs, type Signs } from './signsOfLife.js';

const never = (): Promise<never> => new Promise(() => undefined);
const signs = (some: Partial<Signs>): Signs => ({
  ask: never,
  waitedNs: () => Promise.resolve(0),
  beatMs: 1,
  hangMs: 40,
  ...some,
});

test('a guest that gives no sign hangs, also where it cannot be asked', async () => {
  expect(await hangs(signs({}), new AbortController().signal)).toBe(true);
  const refuses = () => Promise.reject(new Error('no'));
  expect(await hangs(signs({ ask: refuses }), new AbortController().signal)).toBe(true);
});

test('one that answers does not, however long it is asked', async () => {
  const end = new AbortController();
  let asked = 0;
  const ask = () => {
    if (++asked === 30) end.abort();
    return Promise.resolve();
  };
  expect(await hangs(signs({ ask }), end.signal)).toBe(false);
  expect(asked).toBe(30);
});

test('one that its machine starves has longer', async () => {
  const start = performance.now();
  const starved = () => Promise.resolve(Math.min(performance.now() - start, 200) * 1e6);
  let answered = false;
  const end = new AbortController();
  const ask = async () => {
    if (answered) end.abort();
    await new Promise((resolve) => setTimeout(resolve, 150));
    answered = true;
  };
  expect(await hangs(signs({ ask, waitedNs: starved }), end.signal)).toBe(false);
  expect(answered).toBe(true);
});

test('nobody waits for a guest that is gone', async () => {
  const end = new AbortController();
  const result = hangs(signs({ hangMs: 600_000 }), end.signal);
  end.abort();
  expect(await result).toBe(false);
});
