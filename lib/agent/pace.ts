/**
 * Frames that may go at once after a delay, so that the rate holds on the whole: far fewer than a switch's socket
 * buffer holds.
 */
export const CATCH_UP = 16;

/**
 * Who waits for less than this before the next frame spins: a timer takes 1 ms and more, and the next frames make up
 * for what it is late.
 */
const SPIN_MS = 0.5;

/** What a pace waits with. */
export interface PaceClock {
  /** ns, from anywhere. */
  readonly now: () => bigint;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Lets others have their turn, and returns as soon as it can. */
  readonly turn: () => Promise<unknown>;
}

/**
 * Resolves each time when the next frame is due, `rate` times a second. Timers are not finer than 1 ms: what they are
 * late is made up for.
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
