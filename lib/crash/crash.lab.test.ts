import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runAndKill, type Aftermath, type Instant } from './testing/doomedRun.js';

const INSTANTS = 30;
/** Runs at the same time: they also must not disturb each other's end. */
const LANES = 3;
/** Of the instants, so many at least must have hit a run that had a lab. */
const WITH_LABS_MIN = 10;

/** Numbers from 0 to below 1 that follow from a seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How many scenarios have left evidence: half of the instants are while the run starts, the others while its labs live. */
const SCENARIOS = [0, 1, 0, 1, 0, 2] as const;

function instantsOf(seed: number): readonly Instant[] {
  const roll = dice(seed);
  return Array.from({ length: INSTANTS }, (_, i) => ({
    scenarios: SCENARIOS[i % SCENARIOS.length] ?? 0,
    delayMs: Math.round(roll() * (i % 2 === 0 ? 2500 : 500)),
    victim: roll() < 0.5 ? 'command' : 'runner',
  }));
}

test('a run that is killed at any instant leaves no process, namespace, link, mount or temporary file', async () => {
  test.setTimeout(300_000);
  const seed = Number(process.env['EVERYLEAF_CRASH_SEED'] ?? randomInt(2 ** 31));
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-crash-'));
  try {
    const waiting = [...instantsOf(seed).entries()];
    const aftermaths: { readonly what: string; readonly aftermath: Aftermath }[] = [];
    const lane = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [i, instant] = next;
        aftermaths.push({ what: `seed ${seed}, instant ${i}, ${JSON.stringify(instant)}`, aftermath: await runAndKill(join(folder, String(i)), instant) });
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    for (const { what, aftermath } of aftermaths) expect(aftermath.left, what).toEqual([]);
    expect(aftermaths.filter(({ aftermath }) => aftermath.killed && aftermath.networks > 0).length, `seed ${seed}: instants that hit a lab`).toBeGreaterThanOrEqual(WITH_LABS_MIN);
    if (process.env['CRASH_SHOW']) console.log(aftermaths.map((a) => `${a.what} ${JSON.stringify(a.aftermath)}`).join('\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
