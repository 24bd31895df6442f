import { setTimeout as wait } from 'node:timers/promises';
import { until } from './until.js';

/** Repeats a piece of work after each change of its inputs, until it succeeds. */
export interface Retrying {
  /** Something changed: the work is due again. Also ends a pause after a failure. */
  readonly touch: () => void;
  /** Resolves when the work has succeeded for the newest change; throws NeverHappened with the last failure. */
  settled(withinMs: number): Promise<void>;
  /** Why the work failed the last time; null when it did not. */
  failure(): string | null;
  /** Resolves when no work is running any more, and none will start. */
  close(): Promise<void>;
}

export interface Pauses {
  /** After the first failure, ms; doubled with each further one. */
  readonly first: number;
  readonly longest: number;
}

/** @param work is never under way twice at the same time. */
export function retrying(what: string, work: () => Promise<void>, pauses: Pauses): Retrying {
  let wanted = 0;
  let done = 0;
  let failure: string | null = null;
  let closed = false;
  let pause = new AbortController();
  let running: Promise<void> | null = null;
  const isDue = () => !closed && done < wanted;
  const run = async (): Promise<void> => {
    let delay = pauses.first;
    while (isDue()) {
      const aim = wanted;
      try {
        await work();
        done = aim;
        failure = null;
        delay = pauses.first;
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
        pause = new AbortController();
        if (isDue() && wanted === aim) await wait(delay, undefined, { signal: pause.signal }).catch(() => undefined);
        delay = Math.min(delay * 2, pauses.longest);
      }
    }
    running = null;
  };
  return {
    touch() {
      wanted++;
      pause.abort();
      if (!closed) running ??= run();
    },
    settled: async (withinMs) => {
      await until(
        what,
        withinMs,
        () => Promise.resolve(done === wanted && failure === null ? true : null),
        () => failure ?? 'it is still being done',
      );
    },
    failure: () => failure,
    async close() {
      closed = true;
      pause.abort();
      await running;
    },
  };
}
