import { EventEmitter, once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { CaptureFile } from '../production/captureFiles.js';
import { createCaptureParser } from '../pcap/parser.js';
import type { Profile } from '../profile/types.js';
import { UserError } from '../userError.js';
import { createLineMaker, type WatchLine } from './lines.js';
import type { WatchMetrics } from './metrics.js';
import { createWatchReport } from './report.js';
import { openSource } from './source.js';
import { createSpool } from './spool.js';
import { createSumming, type WatchSummary } from './summary.js';
import { createWindows, type WatchedLeaf, type WindowOptions } from './windows.js';

export interface WatchOptions {
  readonly captures: readonly CaptureFile[];
  readonly window: WindowOptions;
  readonly profile: Profile;
  readonly metrics: WatchMetrics;
  /** Path of the page that is written anew from time to time; null = none. */
  readonly report: string | null;
  readonly command: string;
  /** Ends the watch; what came until then is judged. */
  readonly signal: AbortSignal;
  /** MACs of hosts of which a pass must speak, with their names. */
  readonly asked: ReadonlyMap<string, string>;
  /** It must go on until `signal`: a capture that ends before leaves time of which nothing is known. */
  readonly mustLast: boolean;
  /** SILENCE_MS, unless told. */
  readonly silenceMs?: number;
  readonly tell: (line: WatchLine) => void | Promise<void>;
}

/** Between two looks at what has come, ms: a finding shall be told within 2 s of its frame. */
const LOOK_MS = 500;
/** A look may take this share of the time: a window that grows takes longer each time. */
const SHARE = 4;
/** Between two pages, ms: writing one takes longer than judging. */
const PAGE_MS = 10_000;
/** A capture of which nothing came for this long while others went on is told of, ms: two LACPDUs at the slow rate. */
const SILENCE_MS = 60_000;
/**
 * When a capture has ended, the others are read on until nothing came for this long, ms, and at most for so long: what is
 * still in their pipes belongs to the same time. Whoever fills a pipe needs a CPU: 300 ms were seen to be too short on a
 * busy machine.
 */
const DRAINED_MS = 1_500;
const DRAIN_MS = 10_000;
/** A capture is read this far ahead of the slowest one, bytes; then it waits, as long as the slowest one is not silent. */
const AHEAD_BYTES = 0x200_0000;

/**
 * Judges captures as they grow, until one of them ends or `signal` says so. Returns what was seen. Throws what opening a
 * file throws.
 */
export async function watch(options: WatchOptions): Promise<WatchSummary> {
  const leaves: WatchedLeaf[] = [];
  try {
    for (const { leaf, file, selection } of options.captures)
      leaves.push({ leaf, file, ...(selection === undefined ? {} : { selection }), spool: createSpool() });
    return await watchLeaves(leaves, options);
  } finally {
    for (const { spool } of leaves) spool[Symbol.dispose]();
  }
}

async function watchLeaves(leaves: readonly WatchedLeaf[], options: WatchOptions): Promise<WatchSummary> {
  const { captures, metrics, signal, tell, profile, command, silenceMs = SILENCE_MS } = options;
  const windows = createWindows(leaves, options.window);
  const lines = createLineMaker();
  const summing = createSumming(options.asked);
  const report = createWatchReport({ captures, profile, command, started: new Date() });
  const heardAt = leaves.map(() => performance.now());
  const silent = leaves.map(() => false);
  const isOver = leaves.map(() => false);
  const ended = new AbortController();
  /** Says when a capture has come further. */
  const progress = new EventEmitter().setMaxListeners(0);
  const stop = AbortSignal.any([signal, ended.signal]);
  let pageAt = -Infinity;
  let lookedAt = leaves.map(() => -1);
  let looking: Promise<void> = Promise.resolve();

  async function writePage(isLast: boolean): Promise<void> {
    if (options.report === null || (!isLast && performance.now() - pageAt < PAGE_MS)) return;
    // Whoever reads it sees the one or the other, and never a half.
    const next = `${options.report}.new`;
    await writeFile(next, report.page(summing.summary()));
    await rename(next, options.report);
    pageAt = performance.now();
  }

  async function lookOnce(isLast: boolean): Promise<void> {
    const frames = leaves.map(({ spool }) => spool.frames);
    // Nothing can be said of a time that not all captures have reached.
    if (!isLast && !windows.isFull() && frames.some((count, i) => count === lookedAt[i])) return;
    lookedAt = frames;
    const window = await windows.look(isLast);
    if (window === null) return;
    for (const line of lines.of(window)) await tell(line);
    if (!window.isClosed) return;
    summing.add(window);
    metrics.add(window);
    await report.add(window);
    windows.next();
    await writePage(isLast);
  }

  /** One look at a time. */
  function look(isLast = false): Promise<void> {
    looking = looking.then(() => lookOnce(isLast));
    return looking;
  }

  async function take(i: number, chunk: Uint8Array): Promise<void> {
    const leaf = leaves[i];
    if (leaf === undefined) return;
    leaf.spool.take(chunk);
    if (leaf.spool.isBroken() && leaf.spool.frames === 0) throw noCapture(leaf);
    heardAt[i] = performance.now();
    if (silent[i] === true) {
      silent[i] = false;
      await tell({ type: 'note', text: `${leaf.leaf} goes on` });
    }
    progress.emit('moved');
    if (leaf.spool.latestSeconds !== null) metrics.heard(leaf.leaf, leaf.spool.latestSeconds);
    while (windows.isRipe() && !stop.aborted) {
      const before = leaf.spool.bytes;
      await look();
      if (leaf.spool.bytes >= before) break;
    }
    while (isAhead(i) && !stop.aborted)
      await once(progress, 'moved', { signal: AbortSignal.any([stop, AbortSignal.timeout(silenceMs)]) }).catch(
        () => undefined,
      );
  }

  /** Whether it was read far further than another one that still says something. */
  function isAhead(i: number): boolean {
    const own = leaves[i]?.spool;
    if (own === undefined || own.bytes < AHEAD_BYTES) return false;
    return leaves.some(
      ({ spool }, other) =>
        other !== i &&
        isOver[other] !== true &&
        (spool.latestSeconds ?? 0) < (own.latestSeconds ?? 0) &&
        performance.now() - (heardAt[other] ?? 0) < silenceMs,
    );
  }

  async function read(i: number): Promise<void> {
    const leaf = leaves[i];
    if (leaf === undefined) return;
    try {
      const end = await openSource(leaf.file, stop).read((chunk) => take(i, chunk));
      if (end === 'stopped') return;
      const text =
        end === 'replaced'
          ? `${leaf.file} was cut short or replaced: what is in it now is another capture`
          : `the capture of ${leaf.leaf} has ended`;
      if (end === 'replaced' || options.mustLast) summing.doubt(text);
      await tell({ type: 'note', text });
      if (end === 'replaced') return;
      isOver[i] = true;
      progress.emit('moved');
      await drained();
    } finally {
      // Without one of them nothing more can be said of any.
      ended.abort();
    }
  }

  /** Until nothing more comes from those that have not ended. */
  async function drained(): Promise<void> {
    const limit = AbortSignal.any([stop, AbortSignal.timeout(DRAIN_MS)]);
    while (!limit.aborted && isOver.includes(false))
      try {
        await once(progress, 'moved', { signal: AbortSignal.any([limit, AbortSignal.timeout(DRAINED_MS)]) });
      } catch {
        return;
      }
  }

  async function lookAgain(): Promise<void> {
    try {
      while (!stop.aborted) await lookAfterAll();
    } finally {
      // What went wrong ends the watch: nobody would read captures that are judged no more.
      ended.abort();
    }
  }

  async function lookAfterAll(): Promise<void> {
    const start = performance.now();
    await look();
    for (const [i, { leaf, spool }] of leaves.entries()) {
      if (spool.isBroken()) ended.abort();
      if (silent[i] === true || performance.now() - (heardAt[i] ?? 0) < silenceMs) continue;
      silent[i] = true;
      await tell({
        type: 'note',
        text: `nothing came from ${leaf} for ${silenceMs / 1_000} s: nothing is judged meanwhile`,
      });
    }
    await wait(Math.max(LOOK_MS, SHARE * (performance.now() - start)), undefined, { signal: stop }).catch(
      () => undefined,
    );
  }

  /** What is left, and what of it nobody can know. */
  async function finish(): Promise<void> {
    const [absent] = leaves.filter(({ file, spool }) => file !== '-' && !existsSync(file) && spool.bytes === 0);
    if (absent !== undefined && summing.summary().fromNs === null)
      throw new UserError(
        `${absent.file} of ${absent.leaf} never came, so that nothing could be judged`,
        'start its capture, and then the watch',
      );
    for (const [i, { leaf }] of leaves.entries())
      if (silent[i] === true)
        summing.doubt(`Nothing came from ${leaf} any more: of the time since then nothing is known.`);
    try {
      await look(true);
    } catch (error) {
      // Of what came before it is known what was selected.
      if (!(error instanceof UserError) || summing.summary().fromNs === null) throw error;
      summing.doubt(error.message);
    }
    await writePage(true);
  }

  for (const { leaf, file } of leaves)
    if (file !== '-' && !existsSync(file)) await tell({ type: 'note', text: `waiting for ${file} of ${leaf}` });
  const results = await Promise.allSettled([...leaves.map((_, i) => read(i)), lookAgain()]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  await finish();
  return summing.summary();
}

/** Why the beginning of a file is not that of a capture. */
function noCapture({ file, spool }: WatchedLeaf): UserError {
  const parser = createCaptureParser({ frame: () => undefined });
  parser.push(readFileSync(spool.path));
  return new UserError(
    `${file}: ${parser.end().damage?.message ?? 'it holds no capture'}`,
    'what is watched must be pcap or pcapng that is not compressed',
  );
}
