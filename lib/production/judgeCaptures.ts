import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import type { CaptureJudgement } from '../judge/captures/captureOptions.js';
import { judgeFeeds } from '../judge/captures/judgeFeeds.js';
import { NO_HOPS_LESS, type HopsLess, type Normal } from '../judge/captures/alike.js';
import type { Declared } from '../judge/captures/captureClaims.js';
import type { SampleSets } from '../judge/captures/align.js';
import type { FeedEnd } from '../judge/captures/feed.js';
import { isRegularFile, whyUnreadable } from '../files.js';
import type { Seen } from '../judge/captures/contentTally.js';
import type { Interest } from '../judge/captures/recorder.js';
import { chooseMirror } from '../judge/captures/mirrorChoice.js';
import { EVERYTHING, type Selection } from '../judge/captures/selection.js';
import { macNumber } from '../judge/read/macs.js';
import type { Profile } from '../profile/types.js';
import { foreignFormat } from '../pcap/foreign.js';
import { shellWord } from '../shellQuote.js';
import { UserError } from '../userError.js';
import { partsOf, type CaptureFile } from './captureFiles.js';
import { losesTags } from './losesTags.js';
import { canUnpack, packingOf } from './packing.js';
import { requireSelected } from './requireSelected.js';
import { searchSamples } from './searchSamples.js';
import { createCaptureFeeds } from './captureFeeds.js';
import type { JudgeMemory } from './compiledReader.js';

export interface JudgeCapturesOptions {
  readonly profile: Profile;
  /** Name by MAC, lower case; a host without a name has its MAC as name. */
  readonly hosts: ReadonlyMap<string, string>;
  /** MACs of hosts that must have been heard for a pass. */
  readonly asked?: readonly string[];
  readonly isAuto: boolean;
  /** As in CaptureOptions. */
  readonly known?: ReadonlySet<string>;
  /** MACs of leaves and gateways, for captures of received frames only. */
  readonly gateways: readonly string[];
  readonly isSharedClock: boolean;
  /** What was said of the captures, and what a pass must stand for. */
  readonly declared?: Declared;
  /** As in CaptureOptions. */
  readonly judgedFromNs?: readonly bigint[];
  readonly onSettled?: (seen: Seen) => void;
  /** What was settled counts no more: the captures are read again. */
  readonly onAgain?: () => void;
  /** Captures of no more bytes than this are read without threads; else SMALL_BYTES. */
  readonly smallBytes?: number;
  /** Of judgements before this one, of which the clocks are not asked for any more. */
  readonly memory?: JudgeMemory;
}

/** Most captures at a time: each has a thread and a ring. */
export const MOST_CAPTURES = 64;

export interface JudgedCaptures extends CaptureJudgement {
  /** The captures, each with what of it was judged. */
  readonly captures: readonly CaptureFile[];
}

/**
 * Judges captures that were taken anywhere. Throws UserError when a file is none, or holds nothing of what was
 * selected. Captures of mirrors are known when they have been read, and are read again for what is inside; so are
 * captures whose place alters all frames alike, without what it alters.
 */
export async function judgeCaptures(
  captures: readonly CaptureFile[],
  options: JudgeCapturesOptions,
): Promise<JudgedCaptures> {
  if (captures.length > MOST_CAPTURES)
    throw new UserError(`${captures.length} captures are too many`, `judge at most ${MOST_CAPTURES} at a time`);
  const plain = captures.map((capture) => partsOf(capture).map(isPlainFile).every(Boolean));
  const { judged, ends } = await judgeOnce(captures, plain, options);
  // What came through a pipe is gone.
  const isAgainPossible = captures.every((capture) => partsOf(capture).every(isRegularFile));
  const chosen = captures.map((capture, i): CaptureFile => {
    const end = ends[i] ?? null;
    if (end === null) return capture;
    requireSelected(capture, end);
    if (capture.selection !== undefined || !isAgainPossible) return capture;
    const choice = chooseMirror(end, options.isAuto);
    return choice.type === 'mirror' ? { ...capture, selection: ofSession(choice.session) } : capture;
  });
  const isMirrored = chosen.some(({ selection }, i) => selection !== captures[i]?.selection);
  if (isMirrored) options.onAgain?.();
  const whole = isMirrored ? (await judgeOnce(chosen, plain, options)).judged : judged;
  if (whole.normal === null || !isAgainPossible) return { ...whole, captures: chosen };
  options.onAgain?.();
  return { ...(await judgeOnce(chosen, plain, options, whole.normal)).judged, captures: chosen };
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
  normal?: Normal,
): Promise<{ readonly judged: CaptureJudgement; readonly ends: readonly (FeedEnd | null)[] }> {
  const isTagless = captures.some((capture) => capture.selection?.by !== 'session' && partsOf(capture).some(losesTags));
  const interest: Interest = {
    hosts: [...options.hosts.keys()].map(macNumber),
    isAuto: options.isAuto,
    leaves: options.gateways.map(macNumber),
    isTagless: isTagless || normal?.isTagless === true,
  };
  const hopsOf = (leaf: number): { readonly hopsLess?: HopsLess } => {
    const hopsLess = normal?.hops[leaf];
    return hopsLess === undefined || hopsLess === NO_HOPS_LESS ? {} : { hopsLess };
  };
  const readers = createCaptureFeeds(
    captures.map((capture, i) => ({
      files: partsOf(capture),
      selection: capture.selection ?? EVERYTHING,
      isPlain: plain[i] === true,
      ...hopsOf(i),
    })),
    interest,
    options.smallBytes,
    options.memory,
  );
  const search = (leaf: number): SampleSets => {
    const capture = required(captures[leaf]);
    return searchSamples(partsOf(capture), { ...interest, ...hopsOf(leaf) }, capture.selection ?? EVERYTHING);
  };
  try {
    const judged = judgeFeeds(
      captures.map(({ leaf, file, files, areCounted = false }, i) => ({
        name: leaf,
        file: file === '-' ? 'standard input' : file,
        ...(files === undefined || areCounted ? {} : { parts: files }),
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
        ...(options.declared === undefined ? {} : { declared: options.declared }),
        ...(normal === undefined ? {} : { normal }),
        ...(options.known === undefined ? {} : { known: options.known }),
        ...(options.asked === undefined ? {} : { asked: options.asked }),
        ...(options.judgedFromNs === undefined ? {} : { judgedFromNs: options.judgedFromNs }),
        ...(options.onSettled === undefined ? {} : { onSettled: options.onSettled }),
        ...(readers.matching === null ? {} : { matching: readers.matching }),
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
    const head = headOf(file);
    const packing = packingOf(head);
    if (!canUnpack(packing))
      throw new UserError(
        `${file} is compressed with ${packing}, which this machine cannot read`,
        `install the package ${packing}`,
        69,
      );
    refuseForeign(file, head);
    return packing === 'none';
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file}: ${whyUnreadable(error)}`, 'name a capture file that you may read');
  }
}

/** Enough to know a format by, also one of texts. */
const HEAD_BYTES = 0x1000;

function headOf(file: string): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    return head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Throws UserError with the command that makes a capture of a file that is one in another format, or says how to take
 * one.
 */
function refuseForeign(file: string, head: Uint8Array): void {
  const foreign = foreignFormat(head);
  if (foreign === null) return;
  const { name, command, remark } = foreign;
  const convert = command === null ? null : `convert it: ${command(shellWord(file), shellWord(outputFor(file)))}`;
  const hint = [convert, remark].filter((part) => part !== null && part !== undefined).join('; ');
  throw new UserError(`${file} is ${name}`, hint === '' ? null : hint);
}

function outputFor(file: string): string {
  const out = `${file.replace(/(?:\.(?:pcap|pcapng|cap|dmp))?\.(?:bz2|xz|lzip|lz|Z|zip|7z|snoop|txt|cap|hex|log)$/i, '')}.pcap`;
  return existsSync(out) ? `${file}.pcap` : out;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('no such capture');
  return value;
}
