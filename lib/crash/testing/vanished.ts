import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../../durations.js';
import { processesOf, stillAlive, type RunProcess } from './marked.js';

/** Looks until it holds, or the time is over. */
export async function lookUntil(holds: () => boolean): Promise<void> {
  const giveUp = performance.now() + DURATIONS.crashCleared;
  while (!holds() && performance.now() < giveUp) await wait(DURATIONS.crashLook);
}

/**
 * Waits until nothing of the run lives; two looks in a row, since a process may be born behind the first look's back.
 */
export async function vanished(known: readonly RunProcess[], mark: string): Promise<readonly RunProcess[]> {
  let alive = known;
  await lookUntil(() => {
    alive = stillAlive(alive);
    if (alive.length === 0) alive = [...processesOf(mark), ...processesOf(mark)];
    return alive.length === 0;
  });
  return alive;
}
