import { classify, newClassification } from '../wire/classify.js';
import { createCaptureParser } from '../pcap/parser.js';
import type { CaptureSink } from '../testbed/port.js';
import { KINDS, type KindId } from '../wire/kinds.js';

/** Who was heard in a capture through which nothing can be sent. */
export interface Hearing {
  /** Takes the capture, and passes it on. */
  readonly sink: CaptureSink;
  /** Resolves when somebody was heard after this time, ns since the epoch; with false when nobody was in time. */
  after(ns: bigint, timeoutMs: number): Promise<boolean>;
  /** Kinds of neighbor frames that were heard since this time. */
  kinds(sinceNs: bigint): ReadonlySet<KindId>;
}

const macAt = (high: number, low: number): string => (high * 0x1_0000_0000 + low).toString(16).padStart(12, '0');

/** @param voices MACs of those who count; others are only passed on */
export function listen(sink: CaptureSink, voices: readonly string[]): Hearing {
  const macs = new Set(voices.map((mac) => mac.toLowerCase().replaceAll(':', '')));
  const found = newClassification();
  const last = new Map<KindId, bigint>();
  const waiting = new Set<() => void>();
  let latest = -1n;
  let isOver = false;
  const parser = createCaptureParser({
    frame(bytes, start, captured, _original, seconds, nanos) {
      const kind = KINDS[classify(bytes, start, captured, found)];
      if (kind === undefined || !macs.has(macAt(found.sourceHigh, found.sourceLow))) return;
      const at = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
      if (at > latest) latest = at;
      if (found.isNeighbor) last.set(kind.id, at);
    },
  });
  const wake = () => [...waiting].forEach((one) => one());
  return {
    sink: {
      write(chunk) {
        sink.write(chunk);
        parser.push(chunk);
        wake();
      },
      end() {
        isOver = true;
        sink.end();
        wake();
      },
    },
    after(ns, timeoutMs) {
      if (latest > ns || isOver) return Promise.resolve(latest > ns);
      return new Promise((resolve) => {
        const look = () => {
          if (latest <= ns && !isOver) return;
          done();
        };
        const done = () => {
          clearTimeout(timer);
          waiting.delete(look);
          resolve(latest > ns);
        };
        const timer = setTimeout(done, timeoutMs);
        waiting.add(look);
      });
    },
    kinds: (sinceNs) => new Set([...last].flatMap(([kind, at]) => (at > sinceNs ? [kind] : []))),
  };
}
