import { expect, test } from '@playwright/test';
import { CATCH_UP, startPace } from './pace.js';

/** A machine whose timers come `lateMs` late, and whose turns take 10 µs. */
function machine(lateMs: number) {
  let ns = 0n;
  const pass = (ms: number) => {
    ns += BigInt(Math.round(ms * 1e6));
    return Promise.resolve();
  };
  const counts = { turns: 0 };
  const turn = () => {
    counts.turns++;
    return pass(0.01);
  };
  return { now: () => ns, sleep: (ms: number) => pass(ms + lateMs), turn, pass, counts };
}

test('between two frames a pace sleeps, and keeps its rate although timers are late', async () => {
  const clock = machine(0.3);
  const due = startPace(500, clock);
  for (let i = 0; i < 1_000; i++) await due();
  expect(Number(clock.now()) / 1e6).toBeGreaterThanOrEqual(1_998);
  expect(Number(clock.now()) / 1e6).toBeLessThan(2_000);
  // 2 s of nothing but turns would be 200,000 of them.
  expect(clock.counts.turns).toBeLessThan(50_000);
});

test('after a long delay a few frames go at once, and the rest at its rate', async () => {
  const clock = machine(0);
  const due = startPace(500, clock);
  await due();
  await clock.pass(1_000);
  const times: number[] = [];
  for (let i = 0; i < 40; i++) {
    await due();
    times.push(Number(clock.now()) / 1e6);
  }
  expect(times.filter((at) => at === 1_000)).toHaveLength(CATCH_UP);
  expect(times.at(-1)).toBeGreaterThanOrEqual(1_000 + 2 * (40 - CATCH_UP));
});
