import { createJudgeMemory } from '../production/compiledReader.js';
import { judgeCaptures, type JudgeCapturesOptions, type JudgedCaptures } from '../production/judgeCaptures.js';
import type { CaptureFile } from '../production/captureFiles.js';
import type { Verdict } from '../judge/types.js';
import { UserError } from '../userError.js';
import type { Spool } from './spool.js';

/** A capture that grows. */
export interface WatchedLeaf {
  readonly leaf: string;
  /** As it was named. */
  readonly file: string;
  readonly selection?: CaptureFile['selection'];
  readonly spool: Spool;
}

/** What is said of a part of the time. */
export interface JudgedWindow {
  readonly verdict: Verdict;
  readonly judged: JudgedCaptures;
  /** Frames of this time were judged, ns since the epoch by the first leaf's clock; null = of none. */
  readonly span: { readonly fromNs: bigint; readonly toNs: bigint } | null;
  /** All captures were alive, and no host sent a neighbor frame: nothing could be missing. Data was as it should be. */
  readonly isQuiet: boolean;
  /** No more is added to it. */
  readonly isClosed: boolean;
  /** Frames between the window before and this one were not judged, ns; 0 = none. */
  readonly gapNs: bigint;
}

export interface WindowOptions {
  /** How long a window is at least, s. */
  readonly seconds: number;
  readonly judging: Omit<
    JudgeCapturesOptions,
    'asked' | 'known' | 'judgedFromNs' | 'memory' | 'smallBytes' | 'onSettled' | 'onAgain'
  >;
  /** All captures together may be this large before a window ends without an answer, bytes. */
  readonly mostBytes?: number;
}

export interface Windows {
  /**
   * Judges what has come so far; null where there is nothing yet that could be judged. Throws UserError where the last
   * one, or one that is full, holds nothing of what was selected.
   */
  look(isLast: boolean): Promise<JudgedWindow | null>;
  /** Lets go of what the window that was just closed held. */
  next(): void;
  /** Whether all captures have come further than a window is long, or hold too much: it is time to look. */
  isRipe(): boolean;
  /** Whether the window must end, whatever can be said of it. */
  isFull(): boolean;
}

/**
 * Frames are kept this long before the time that a window judges, s: copies that come late are looked for during 2 s
 * (PAIRING.lateNs), and clocks are measured by frames of both sides of its edge.
 */
const OVERLAP_SECONDS = 5;
/**
 * Where all captures hold no more bytes than this, as much is kept as the longest window is long: hosts that speak seldom
 * leave too little in a few seconds to measure clocks by, and the last window may be short.
 */
const LITTLE_BYTES = 0x40_0000;
/**
 * What lies this close to the edge of two windows is judged in both, ns: clocks are measured anew in each of them, and
 * a frame must not fall in between.
 */
const GUARD_NS = 50_000_000n;
/** A window that has no answer goes on until it is this many times as long. */
const LONGEST = 10;
/** Hosts that are remembered: an endless watch meets endless senders, and forgets those that were silent for longest. */
const MOST_KNOWN = 65_536;
const MOST_BYTES = 0x1000_0000;

/**
 * Judges captures that grow, window by window, each by the judge that judges files: what it says of one is what it would
 * say of files with these frames. A window goes on until it has an answer; then the next one begins where its judged
 * time ended. Memory: what a window holds is in files without names.
 */
export function createWindows(leaves: readonly WatchedLeaf[], options: WindowOptions): Windows {
  const { seconds, judging, mostBytes = MOST_BYTES } = options;
  // All is read on this thread: one that ends a little later would write into the memory of the next judgement.
  const memory = createJudgeMemory();
  /** By each leaf's own clock; undefined = nothing was judged before. */
  let fromNs: readonly bigint[] | undefined;
  let toNs: bigint | null = null;
  /** It is time to look when all captures are a window's length past this. */
  let startSeconds: number | null = null;

  let closed: JudgedCaptures | null = null;
  /** Who sent neighbor frames is a host from then on, whatever it says in a window: its data must be sent once. */
  const known = new Set<string>();

  function remember(heard: ReadonlySet<string>): void {
    for (const mac of heard) {
      known.delete(mac);
      known.add(mac);
    }
    for (const mac of known) {
      if (known.size <= MOST_KNOWN) break;
      known.delete(mac);
    }
  }

  const latestOfAll = (): number | null => {
    const latest = leaves.map(({ spool }) => spool.latestSeconds);
    return latest.includes(null) ? null : Math.min(...latest.map((each) => each ?? 0));
  };

  const heldBytes = (): number => leaves.reduce((sum, { spool }) => sum + spool.bytes, 0);
  const isFull = (): boolean => heldBytes() > mostBytes;

  function close(judged: JudgedCaptures): void {
    const edge = judged.judgedNs?.to;
    if (edge === undefined) {
      // Nothing can be said of all that: the next window begins anew with what is latest.
      for (const { spool } of leaves) if (spool.latestSeconds !== null) spool.dropBefore(spool.latestSeconds);
      fromNs = undefined;
    } else {
      fromNs = edge.map((ns) => ns - GUARD_NS);
      const kept = heldBytes() <= LITTLE_BYTES ? LONGEST * seconds : OVERLAP_SECONDS;
      leaves.forEach(({ spool }, i) => {
        spool.dropBefore(Number((edge[i] ?? 0n) / 1_000_000_000n) - kept);
      });
      toNs = edge[0] ?? null;
    }
    startSeconds = latestOfAll();
  }

  return {
    next() {
      if (closed !== null) {
        remember(closed.heard);
        close(closed);
      }
      closed = null;
    },
    isRipe() {
      const latest = latestOfAll();
      startSeconds ??= latest;
      return isFull() || (latest !== null && startSeconds !== null && latest - startSeconds > seconds);
    },
    isFull,
    async look(isLast) {
      if (!isLast && !isFull() && leaves.some(({ spool }) => spool.frames === 0 && !spool.isBroken())) return null;
      const judged = await judgeUnlessUnselected(
        isLast || isFull(),
        leaves.map(({ leaf, file, selection, spool }) => ({
          leaf,
          file,
          // Told by its name, read where it is kept.
          files: [spool.path],
          areCounted: true,
          ...(selection === undefined ? {} : { selection }),
        })),
        { ...judging, known, memory, smallBytes: Infinity, ...(fromNs === undefined ? {} : { judgedFromNs: fromNs }) },
      );
      if (judged === null) return null;
      const { judgedNs, judgement } = judged;
      // The last one may end before any of its frames could have had all copies: the one before it has said all there is.
      if (isLast && toNs !== null && judgedNs === null && isSound(judged)) return null;
      const [from, to] = [judgedNs?.from[0], judgedNs?.to[0]];
      const span = from === undefined || to === undefined ? null : { fromNs: from, toNs: to };
      const isQuiet = isNothingSaid(judged);
      const length = span === null ? 0 : Number((span.toNs - span.fromNs) / 1_000_000_000n);
      const isAnswered = isQuiet || judgement.verdict === 'pass' || judgement.verdict === 'fail';
      const isClosed = isLast || isFull() || length >= (isAnswered ? seconds : LONGEST * seconds);
      const gapNs = toNs !== null && span !== null && span.fromNs > toNs ? span.fromNs - toNs : 0n;
      if (isClosed) closed = judged;
      // One that is a little short is over soon; of one without an answer a little more will not tell.
      else if (startSeconds !== null) startSeconds = (latestOfAll() ?? startSeconds) - (isAnswered ? seconds - 1 : 0);
      return { verdict: judgement.verdict, judged, span, isQuiet, isClosed, gapNs };
    },
  };
}

/** A session or VLAN that was selected may come later: null, unless `isOver`. */
async function judgeUnlessUnselected(
  isOver: boolean,
  ...[captures, options]: Parameters<typeof judgeCaptures>
): Promise<JudgedCaptures | null> {
  try {
    return await judgeCaptures(captures, options);
  } catch (error) {
    if (isOver || !(error instanceof UserError)) throw error;
    return null;
  }
}

/** Whether nothing is wrong with the captures themselves. */
function isSound({ judgement }: JudgedCaptures): boolean {
  return judgement.verdict !== 'fail' && Object.values(judgement.certificates).every(({ valid }) => valid);
}

/**
 * Whether the only thing against a pass is that there was no neighbor frame to judge. A copy of data is found where
 * clocks are known.
 */
function isNothingSaid(judged: JudgedCaptures): boolean {
  const { judgement, judgedNs, alignments } = judged;
  const { findings, totals } = judgement;
  return (
    judgedNs !== null &&
    judgement.verdict === 'inconclusive' &&
    totals.probes === 0 &&
    (totals.dataFrames === 0 || alignments.every(({ how }) => how !== 'assumed')) &&
    isSound(judged) &&
    findings.every(({ verdict, signature }) => verdict === 'note' || signature === 'nothing-judged')
  );
}
