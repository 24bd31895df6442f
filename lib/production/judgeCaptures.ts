import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { judgeFeeds, type CaptureJudgement } from '../judge/captures/judgeFeeds.js';
import type { SampleSets } from '../judge/captures/align.js';
import type { FeedEnd } from '../judge/captures/feed.js';
import { isRegularFile } from '../files.js';
import type { Seen } from '../judge/captures/contentTally.js';
import type { Interest } from '../judge/captures/recorder.js';
import { chooseMirror } from '../judge/captures/mirrorChoice.js';
import { EVERYTHING, type Selection } from '../judge/captures/selection.js';
import { macNumber } from '../judge/read/macs.js';
import type { Profile } from '../profile/types.js';
import { UserError } from '../userError.js';
import type { CaptureFile } from './captureFiles.js';
import { losesTags } from './losesTags.js';
import { canReadZstd, packingOf } from './packing.js';
import { resolvedSelection } from './resolvedSelection.js';
import { searchSamples } from './searchSamples.js';
import { createWorkerFeeds } from './workerFeed.js';

export interface JudgeCapturesOptions {
  readonly profile: Profile;
  /** Name by MAC, lower case; a host without a name has its MAC as name. */
  readonly hosts: ReadonlyMap<string, string>;
  /** MACs of hosts that must have been heard for a pass. */
  readonly asked?: readonly string[];
  readonly isAuto: boolean;
  /** MACs of leaves and gateways, for captures of received frames only. */
  readonly gateways: readonly string[];
  readonly isSharedClock: boolean;
  readonly onSettled?: (seen: Seen) => void;
  /** What was settled counts no more: the captures are read again for what is inside. */
  readonly onAgain?: () => void;
}

/** Most captures at a time: each has a thread and a ring. */
export const MOST_CAPTURES = 64;

export interface JudgedCaptures extends CaptureJudgement {
  /** The captures, each with what of it was judged. */
  readonly captures: readonly CaptureFile[];
}

/**
 * Judges captures that were taken anywhere. Throws UserError when a file is none, or holds nothing of what was selected. Captures of mirrors
 * are known when they have been read, and are read again for what is inside.
 */
export async function judgeCaptures(
  captures: readonly CaptureFile[],
  options: JudgeCapturesOptions,
): Promise<JudgedCaptures> {
  if (captures.length > MOST_CAPTURES)
    throw new UserError(`${captures.length} captures are too many`, `judge at most ${MOST_CAPTURES} at a time`);
  const plain = captures.map(({ file }) => isPlainFile(file));
  const first = await judgeOnce(captures, plain, options);
  const chosen = captures.map((capture, i): CaptureFile => {
    const end = first.ends[i];
    if (end === undefined || end === null) return capture;
    const selection = resolvedSelection(capture, end);
    if (selection !== null) return { ...capture, selection };
    // What came through a pipe is gone.
    if (capture.selection !== undefined || !isRegularFile(capture.file)) return capture;
    const choice = chooseMirror(end, options.isAuto);
    return choice.type === 'mirror' ? { ...capture, selection: ofSession(choice.session) } : capture;
  });
  if (!chosen.some(({ file, selection }, i) => selection !== captures[i]?.selection && isRegularFile(file)))
    return { ...first.judged, captures };
  options.onAgain?.();
  const again = chosen.map((capture, i) => (isRegularFile(capture.file) ? capture : (captures[i] ?? capture)));
  if (again.some(({ file }) => !isRegularFile(file))) return { ...first.judged, captures };
  return { ...(await judgeOnce(again, plain, options)).judged, captures: again };
}

function ofSession({
  key,
  source,
  id,
}: {
  readonly key: number;
  readonly source: string;
  readonly id: number;
}): Selection {
  return { by: 'session', key, source, id };
}

async function judgeOnce(
  captures: readonly CaptureFile[],
  plain: readonly boolean[],
  options: JudgeCapturesOptions,
): Promise<{ readonly judged: CaptureJudgement; readonly ends: readonly (FeedEnd | null)[] }> {
  const isTagless = captures.some(({ file, selection }) => selection?.by !== 'session' && losesTags(file));
  const interest: Interest = {
    hosts: [...options.hosts.keys()].map(macNumber),
    isAuto: options.isAuto,
    leaves: options.gateways.map(macNumber),
    isTagless,
  };
  const readers = createWorkerFeeds(
    captures.map(({ file, selection = EVERYTHING }, i) => ({ file, selection, isPlain: plain[i] === true })),
    interest,
  );
  const search = (leaf: number): SampleSets =>
    searchSamples(captures[leaf]?.file ?? '', interest, captures[leaf]?.selection ?? EVERYTHING);
  try {
    const judged = judgeFeeds(
      captures.map(({ leaf, file }, i) => ({
        name: leaf,
        file: file === '-' ? 'standard input' : file,
        feed: required(readers.feeds[i]),
      })),
      {
        profile: options.profile,
        names: options.hosts,
        isAuto: options.isAuto,
        isSharedClock: options.isSharedClock,
        isTagless,
        seeksReflections: options.gateways.length > 0,
        search: plain.every(Boolean) ? search : null,
        ...(options.asked === undefined ? {} : { asked: options.asked }),
        ...(options.onSettled === undefined ? {} : { onSettled: options.onSettled }),
      },
    );
    return { judged, ends: readers.feeds.map(({ end }) => end) };
  } finally {
    await readers.close();
  }
}

/** Whether it can be read by position and twice. Throws UserError when it cannot be read at all. */
function isPlainFile(file: string): boolean {
  if (file === '-') return false;
  try {
    const stat = statSync(file);
    if (stat.isDirectory())
      throw new UserError(
        `${file} is a folder without evidence.json`,
        'give a capture file, or the evidence folder of one experiment',
      );
    if (!stat.isFile()) return false;
    const head = new Uint8Array(4);
    const descriptor = openSync(file, 'r');
    readSync(descriptor, head, 0, 4, 0);
    closeSync(descriptor);
    const packing = packingOf(head);
    if (packing === 'zstd' && !canReadZstd())
      throw new UserError(
        `${file} is compressed with zstd, which this machine cannot read`,
        'install the package zstd',
        69,
      );
    return packing === 'none';
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('no such capture');
  return value;
}
