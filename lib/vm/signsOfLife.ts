import { setTimeout as wait } from 'node:timers/promises';
import { hadItsTime } from './starved.js';

export interface Signs {
  /** Asks for one; rejects where it cannot be asked. */
  readonly ask: () => Promise<unknown>;
  /** How long the guest was ready and did not run, ns, so far; null = nobody knows. */
  readonly waitedNs: () => Promise<number | null>;
  /** Between two signs, ms. */
  readonly beatMs: number;
  /** A guest that has run for so long, ms, without giving one hangs. */
  readonly hangMs: number;
}

/** Resolves with true when the guest hangs, and with false when the signal says that nobody wants to know any more. */
export async function hangs({ ask, waitedNs, beatMs, hangMs }: Signs, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    const heard = new AbortController();
    const over = AbortSignal.any([signal, heard.signal]);
    const sleep = (ms: number) => wait(ms, undefined, { signal: over });
    const sign = async (): Promise<boolean> => {
      for (;;) {
        if (
          await ask().then(
            () => true,
            () => false,
          )
        )
          return false;
        await sleep(beatMs);
      }
    };
    const silence = hadItsTime(hangMs, waitedNs, { now: () => performance.now(), sleep }).then(() => true);
    const isSilent = await Promise.race([sign(), silence]).catch(() => false);
    heard.abort();
    await silence.catch(() => false);
    if (isSilent) return !signal.aborted;
    const isOver = await wait(beatMs, false, { signal }).catch(() => true);
    if (isOver) return false;
  }
}
