import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { RING_FRAMES, type Feed, type FeedEnd } from '../../judge/captures/feed.js';
import type { Interest } from '../../judge/captures/recorder.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { createSharedRing, ENDED, JUDGE_WAITS, READER_WAITS, SEQUENCE, STARTED, STOP, TAIL, TURNS, WORDS_PER_TURN } from './sharedRing.js';
import type { WorkerTask } from './captureWorker.js';

/** A feed that another thread fills. */
export interface WorkerFeed extends Feed {
  /** Ends the thread; when the feed has ended by itself there is nothing left to end. */
  close(): Promise<void>;
}

/** Records that are taken before the reader is told: telling costs more than taking. */
const RELEASE_FRAMES = 16_384;
/** How often a silent thread is looked after, and how long it may take to start, ms. */
const SILENCE_MS = 1_000;
const START_MS = 30_000;

/** `isPlain`: a regular file that is not compressed. */
export function createWorkerFeed(file: string, isPlain: boolean, interest: Interest): WorkerFeed {
  const ring = createSharedRing(RING_FRAMES);
  const { control, said } = ring;
  const { port1, port2 } = new MessageChannel();
  const task: WorkerTask = { file, isPlain, buffer: ring.buffer, interest, port: port2 };
  const worker = new Worker(workerFile(), { workerData: task, transferList: [port2], resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 } });
  // Whatever a thread cannot say for itself comes here, once the judge lets go of its own thread.
  worker.on('error', () => undefined);
  worker.unref();
  let heard = 0;
  let released = 0;
  let silent = 0;

  const feed: WorkerFeed = {
    columns: ring.columns, macs: ring.macs, baseSeconds: -1, firstNs: Infinity, head: 0, tail: 0, aliveNs: -Infinity, end: null,
    advance() {
      if (feed.end !== null) return;
      tell();
      let sequence = Atomics.load(control, SEQUENCE);
      while (sequence === heard) {
        if (Atomics.load(control, ENDED) !== 0) break;
        Atomics.store(control, JUDGE_WAITS, 1);
        const woken = Atomics.wait(control, SEQUENCE, heard, SILENCE_MS);
        silent = woken === 'timed-out' ? silent + SILENCE_MS : 0;
        if (Atomics.load(control, STARTED) === 0 && silent >= START_MS) throw new Error(`the thread that reads ${file} did not start within ${START_MS / 1_000} s`);
        sequence = Atomics.load(control, SEQUENCE);
      }
      Atomics.store(control, JUDGE_WAITS, 0);
      listen(sequence);
      if (Atomics.load(control, ENDED) === 0) return;
      // The last word may have come after the one that was just heard.
      listen(Atomics.load(control, SEQUENCE));
      const message = receiveMessageOnPort(port1) as { readonly message: FeedEnd } | undefined;
      if (message === undefined) throw new Error(`the thread that reads ${file} ended without a word`);
      feed.end = message.message;
      port1.close();
    },
    release() {
      if (((feed.tail - released) | 0) >= RELEASE_FRAMES) tell();
    },
    async close() {
      Atomics.store(control, STOP, 1);
      feed.tail = feed.head;
      tell();
      port1.close();
      await worker.terminate();
    },
  };

  function tell(): void {
    if (released === feed.tail) return;
    released = feed.tail;
    Atomics.store(control, TAIL, released);
    if (Atomics.load(control, READER_WAITS) !== 0) Atomics.notify(control, TAIL);
  }

  function listen(first: number): void {
    for (let sequence = first; ; ) {
      const at = (sequence & (TURNS - 1)) * WORDS_PER_TURN;
      const [head, alive, begin, base] = [said[at] ?? 0, said[at + 1] ?? 0, said[at + 2] ?? 0, said[at + 3] ?? 0];
      const now = Atomics.load(control, SEQUENCE);
      // Overtaken while reading: the place may have been written again.
      if (((now - sequence) | 0) >= TURNS - 1) {
        sequence = now;
        continue;
      }
      heard = sequence;
      if (sequence === 0) return;
      feed.head = head;
      feed.aliveNs = alive;
      feed.firstNs = begin;
      feed.baseSeconds = base;
      return;
    }
  }

  return feed;
}

/** Threads run what was built: a source file cannot be loaded by a thread of its own. */
function workerFile(): string {
  const beside = fileURLToPath(new URL('./captureWorker.js', import.meta.url));
  const file = existsSync(beside) ? beside : join(PACKAGE_ROOT, 'dist/lib/evidence/captures/captureWorker.js');
  if (!existsSync(file)) throw new Error(`${file} is not there: build first`);
  return file;
}
