import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../durations.js';
import type { Probe } from '../evidence/types.js';
import type { KindId } from '../wire/kinds.js';
import type { CraftedProbe } from './crafted.js';

/** The frames whose loss causes the outage, and data beside them. */
export const STREAM_KINDS: readonly KindId[] = ['arp-reply-unicast', 'na-solicited', 'data-udp'];

/** Probes per second: a gap of one probe is 5 ms of silence. */
export const STREAM_RATE = 200;

/** Group of a stream's probes: they may fall into bands; other probes are kept clear of bands. */
export const STREAM_GROUP = 'stream';

/**
 * The largest batch: a stream that fell behind on a busy machine goes on at its rate and does not catch up in a burst.
 */
const MOST_AT_ONCE = 8;

/** Probes that go out at a steady pace while other things happen. */
export interface Stream {
  /** Resolves when this many more have been sent. Throws what broke the stream. */
  sent(more: number): Promise<void>;
  /** Ends it; all its probes, in order. Throws what broke it. */
  stop(): Promise<readonly Probe[]>;
}

/**
 * @param next crafts the n-th probe, from 0.
 * @param send hands probes to their senders' NICs.
 */
export function startStream(
  next: (n: number) => CraftedProbe,
  send: (probes: readonly CraftedProbe[]) => Promise<readonly Probe[]>,
  rate: number,
): Stream {
  const probes: Probe[] = [];
  const waiting = new Set<() => void>();
  const stopping = new AbortController();
  let failure: Error | null = null;
  const wake = () => {
    for (const waiter of waiting) waiter();
  };
  const running = (async () => {
    let due = performance.now();
    while (!stopping.signal.aborted) {
      const now = performance.now();
      const late = Math.floor(((now - due) * rate) / 1000) + 1;
      if (late > MOST_AT_ONCE) due = now - ((MOST_AT_ONCE - 1) * 1000) / rate;
      const count = Math.max(0, Math.min(late, MOST_AT_ONCE));
      if (count > 0) {
        const first = probes.length;
        probes.push(...(await send(Array.from({ length: count }, (_, n) => next(first + n)))));
        due += (count * 1000) / rate;
        wake();
      }
      await wait(Math.max(DURATIONS.streamPause, due - performance.now()));
    }
  })().catch((error: unknown) => {
    failure = error instanceof Error ? error : new Error(String(error));
    wake();
  });
  const check = () => {
    if (failure !== null) throw failure;
  };
  return {
    async sent(more) {
      const wanted = probes.length + more;
      while (probes.length < wanted && failure === null && !stopping.signal.aborted) {
        await new Promise<void>((resolve) => {
          const waiter = () => {
            waiting.delete(waiter);
            resolve();
          };
          waiting.add(waiter);
        });
      }
      check();
    },
    async stop() {
      stopping.abort();
      await running;
      wake();
      check();
      return probes;
    },
  };
}
