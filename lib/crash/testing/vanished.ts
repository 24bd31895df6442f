import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../../durations.js';
import { processesOf, stillAlive, type RunProcess } from './marked.js';

/** Looks until it holds. What never holds is ended by the limit of the test. */
export async function lookUntil(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(DURATIONS.crashLook);
}

/**
 * Waits until nothing of the run lives; two looks in a row, since a process may be born behind the first look's back.
 * Gives up when none has ended for a time: a slow machine takes long for all of them, and not for the next one.
 * @returns what still lives then
 */
export async function vanished(known: readonly RunProcess[], mark: string): Promise<readonly RunProcess[]> {
  let alive = known;
  let giveUp = performance.now() + DURATIONS.crashCleared;
  await lookUntil(() => {
    const left = stillAlive(alive);
    if (left.length < alive.length) giveUp = performance.now() + DURATIONS.crashCleared;
    alive = left.length > 0 ? left : [...processesOf(mark), ...processesOf(mark)];
    return alive.length === 0 || performance.now() > giveUp;
  });
  return alive;
}
