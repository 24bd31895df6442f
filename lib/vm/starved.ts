/** A guest that its machine starves for longer than this many times a limit is of no use. */
const MOST = 10;

export interface Clock {
  /** ms */
  readonly now: () => number;
  /** Resolves after so many ms. */
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Resolves when a guest has had its time: so long as its limit, and as long again as its CPU was ready to run and did
 * not (`threadWait`), since that says nothing of the guest.
 *
 * @param waitedNs how long it did not run so far, ns; null = nobody knows
 */
export async function hadItsTime(
  limitMs: number,
  waitedNs: () => Promise<number | null>,
  { now, sleep }: Clock,
): Promise<void> {
  const start = now();
  const before = (await waitedNs()) ?? 0;
  for (let left = limitMs; left > 0;) {
    await sleep(left);
    const starvedMs = Math.max(0, ((await waitedNs()) ?? before) - before) / 1e6;
    left = Math.ceil(Math.min(limitMs + starvedMs, MOST * limitMs) - (now() - start));
  }
}
