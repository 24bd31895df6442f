/**
 * Frames that may be sent at once after a delay, so that the average rate holds: far fewer than a switch's socket
 * buffer holds.
 */
export const CATCH_UP = 16;

/**
 * For shorter waits the pace spins: a timer takes 1 ms or more, and the next frames make up for its delay.
 */
const SPIN_MS = 0.5;

/** What a pace waits with. */
export interface PaceClock {
  /** ns, from anywhere. */
  readonly now: () => bigint;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Lets other work run, and returns as soon as it can. */
  readonly turn: () => Promise<unknown>;
}

/**
 * Resolves each time when the next frame is due, `rate` times a second. Timers are no finer than 1 ms; their delay is
 * made up for.
 */
export function startPace(rate: number, { now, sleep, turn }: PaceClock): () => Promise<void> {
  const gapNs = BigInt(Math.round(1e9 / rate));
  let due = now();
  return async () => {
    for (let left = due - now(); left > 0n; left = due - now()) {
      const ms = Number(left) / 1e6;
      await (ms < SPIN_MS ? turn() : sleep(Math.max(1, Math.floor(ms))));
    }
    const oldest = now() - BigInt(CATCH_UP - 1) * gapNs;
    due = (due < oldest ? oldest : due) + gapNs;
  };
}
