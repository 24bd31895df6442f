import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from './durations.js';

/** A state that should have come did not. */
export class NeverHappened extends Error {
  constructor(what: string, afterMs: number, last: string) {
    super(`waited ${afterMs} ms for ${what}; last seen: ${last}`);
    this.name = 'NeverHappened';
  }
}

/**
 * Polls a state that gives no event until it is reached. `look` returns the value, or null for "not yet".
 * @param afterMs when to give up with NeverHappened
 * @param last describes the last state, for the error
 * @param pauseMs between two polls
 */
export async function until<T>(
  what: string,
  afterMs: number,
  look: () => Promise<T | null>,
  last: () => string = () => 'nothing',
  pauseMs: number = DURATIONS.poll,
): Promise<T> {
  const start = performance.now();
  for (;;) {
    const value = await look();
    if (value !== null) return value;
    if (performance.now() - start > afterMs) throw new NeverHappened(what, afterMs, last());
    await wait(pauseMs);
  }
}

/** For `catch`: the caller checks the state instead, and sees what did not happen. */
export function unlessNever(error: unknown): void {
  if (!(error instanceof NeverHappened)) throw error;
}
