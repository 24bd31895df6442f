import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { dice } from '../dice.js';
import { runAndKill, type Aftermath, type Instant, type Stage } from './testing/doomedRun.js';

/** Runs at the same time: they also must not disturb each other's end. */
const LANES = 3;
/** Of the instants, so many at least must have hit a run that had a lab. */
const WITH_LABS_MIN = 10;

/**
 * How often a run is killed at each stage, and how long after the stage has begun at most, ms. Most while labs are
 * made, used and taken down.
 */
const STAGES: readonly (readonly [stage: Stage, times: number, longestMs: number])[] = [
  ['command', 3, 400],
  ['runner', 3, 800],
  ['worker', 6, 800],
  ['agent', 12, 1200],
  ['evidence', 6, 600],
];

function instantsOf(seed: number): readonly Instant[] {
  const roll = dice(seed);
  return STAGES.flatMap(([stage, times, longestMs]) =>
    Array.from({ length: times }, (): Instant => ({
      stage,
      delayMs: Math.round(roll() * longestMs),
      victim: roll() < 0.5 ? 'command' : 'runner',
    })),
  );
}

test('a run that is killed at any of 30 instants leaves no process, namespace, link, mount or temporary file', async () => {
  const seed = Number(process.env['EVERYLEAF_CRASH_SEED'] ?? randomInt(2 ** 31));
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-crash-'));
  try {
    const waiting = [...instantsOf(seed).entries()];
    const aftermaths: { readonly what: string; readonly aftermath: Aftermath }[] = [];
    const lane = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [i, instant] = next;
        aftermaths.push({
          what: `seed ${seed}, instant ${i}, ${JSON.stringify(instant)}`,
          aftermath: await runAndKill(join(folder, String(i)), instant),
        });
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    for (const { what, aftermath } of aftermaths) expect(aftermath.left, what).toEqual([]);
    expect(
      aftermaths.filter(({ aftermath }) => aftermath.killed && aftermath.networks > 0).length,
      `seed ${seed}: instants that hit a lab`,
    ).toBeGreaterThanOrEqual(WITH_LABS_MIN);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
