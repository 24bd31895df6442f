import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { dice } from '../dice.js';
import { samples } from '../testing/samples.js';
import { runAndKill, type Aftermath, type Instant, type Pace, type Stage } from './testing/doomedRun.js';

/** Runs at the same time: they also must not disturb each other's end. */
const LANES = 3;

/**
 * How often a run is killed at each stage; most while labs are made, used and taken down. The last stage comes first:
 * its runs show how long each stage lasts on this machine now, and every lane begins with one.
 */
const TIMES: readonly (readonly [stage: Stage, times: number])[] = [
  ['evidence', samples(LANES, 6)],
  ['agent', samples(3, 12)],
  ['worker', samples(2, 6)],
  ['runner', samples(1, 3)],
  ['command', samples(1, 3)],
];
const INSTANTS = TIMES.reduce((sum, [, times]) => sum + times, 0);

/** Stages in which labs are there. */
const WITH_LABS: readonly Stage[] = ['agent', 'evidence'];

function instantsOf(seed: number): readonly Instant[] {
  const roll = dice(seed);
  return TIMES.flatMap(([stage, times]) =>
    Array.from({ length: times }, (): Instant => ({
      stage,
      share: roll(),
      workers: roll() < 0.5 ? 1 : 2,
      victim: roll() < 0.5 ? 'command' : 'runner',
    })),
  );
}

test('a run that is killed at any instant leaves no process, namespace, link, mount or temporary file', async () => {
  // Up to 30 starts of a run, one after the other in each lane: on a machine with one core for four programs 10 minutes.
  test.setTimeout(1_800_000);
  const seed = Number(process.env['EVERYLEAF_CRASH_SEED'] ?? randomInt(2 ** 31));
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-crash-'));
  try {
    const waiting = [...instantsOf(seed).entries()];
    const pace: Pace = new Map();
    const aftermaths: { readonly what: string; readonly instant: Instant; readonly aftermath: Aftermath }[] = [];
    const lane = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [i, instant] = next;
        aftermaths.push({
          what: `seed ${seed}, instant ${i}, ${JSON.stringify(instant)}`,
          instant,
          aftermath: await runAndKill(join(folder, String(i)), instant, pace),
        });
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    expect(aftermaths).toHaveLength(INSTANTS);
    for (const { what, instant, aftermath } of aftermaths) {
      expect(aftermath.left, what).toEqual([]);
      expect(aftermath.killed, `${what}: the run was still going on`).toBe(true);
      if (WITH_LABS.includes(instant.stage)) expect(aftermath.networks, `${what}: networks of labs`).toBeGreaterThan(0);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
