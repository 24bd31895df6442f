import type { Counts, Finding, Judgement, Verdict } from '../judge/types.js';
import { added, NO_COUNTS } from '../judge/tell/totals.js';
import { createLosses } from './losses.js';
import type { JudgedWindow } from './windows.js';

/** What went wrong, over all windows in which it did. */
export interface SeenFinding {
  readonly finding: Finding;
  /** Frames, or what the finding counts, in all closed windows. */
  readonly count: number;
  readonly windows: number;
  /** Of the windows in which it was seen, ns since the epoch by the first leaf's clock. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** A watch so far, in bounded memory. */
export interface WatchSummary {
  readonly windows: Readonly<Record<'pass' | 'fail' | 'inconclusive' | 'quiet', number>>;
  readonly totals: Counts;
  readonly judgedNs: bigint;
  readonly fromNs: bigint | null;
  readonly toNs: bigint | null;
  readonly findings: readonly SeenFinding[];
  /** Findings of further sorts, which are only counted. */
  readonly unkept: number;
  /** Why not everything is proved, with how many windows it is about. */
  readonly reasons: readonly { readonly reason: string; readonly windows: number }[];
}

/** Sorts of findings and of reasons that are kept apart: an endless watch meets endless senders. */
const MOST_FINDINGS = 2_000;
const MOST_REASONS = 200;
/** Senders that are remembered for data that was copied before they sent a neighbor frame. */
const MOST_COPIED = 65_536;

export interface Summing {
  /** Adds a closed window. */
  add(window: JudgedWindow): void;
  /** Something that keeps the whole from being proved. */
  doubt(reason: string): void;
  summary(): WatchSummary;
}

/** One of a sort: the same thing wrong, of the same sender, on the same leaf. */
export function sortOf({ signature, leaf, kind, sender, verdict }: Finding): string {
  return JSON.stringify([verdict, signature, leaf ?? '', kind ?? '', sender ?? '']);
}

/** @param asked MACs of hosts of which a pass must speak, with their names: each must be heard in some window */
export function createSumming(asked: ReadonlyMap<string, string> = new Map()): Summing {
  const silent = new Map(asked);
  const copied = new Set<string>();
  const losses = createLosses();
  const windows = { pass: 0, fail: 0, inconclusive: 0, quiet: 0 };
  const findings = new Map<string, SeenFinding>();
  const reasons = new Map<string, number>();
  let totals: Counts = NO_COUNTS;
  let judgedNs = 0n;
  let [fromNs, toNs]: [bigint | null, bigint | null] = [null, null];
  let unkept = 0;

  function addReason(reason: string, about = 1): void {
    const known = reasons.get(reason);
    if (known !== undefined || reasons.size < MOST_REASONS) reasons.set(reason, (known ?? 0) + about);
  }

  function addFinding(finding: Finding, from: bigint, to: bigint): void {
    const sort = sortOf(finding);
    const known = findings.get(sort);
    if (known === undefined && findings.size >= MOST_FINDINGS) {
      unkept++;
      return;
    }
    findings.set(sort, {
      finding,
      count: (known?.count ?? 0) + finding.count,
      windows: (known?.windows ?? 0) + 1,
      fromNs: known?.fromNs ?? from,
      toNs: to,
    });
  }

  return {
    add({ verdict, judged, span, isQuiet, gapNs }) {
      const { judgement } = judged;
      windows[isQuiet ? 'quiet' : sortOfVerdict(verdict)]++;
      totals = added(totals, judgement.totals);
      for (const mac of judged.heard) {
        silent.delete(mac);
        if (copied.delete(mac))
          addReason(`Data of ${mac} was copied before it sent a neighbor frame, and was not known for a host yet.`);
      }
      for (const mac of judged.copied) if (copied.size < MOST_COPIED) copied.add(mac);
      const unproved = losses.add(judgement);
      windows.fail -= unproved;
      windows.inconclusive += unproved;
      if (unproved > 0)
        addReason(
          'A capture counted dropped frames later: what it lacked in windows before may be among them.',
          unproved,
        );
      const from = span?.fromNs ?? BigInt(judgement.window.fromNs);
      const to = span?.toNs ?? BigInt(judgement.window.toNs);
      if (span !== null) {
        judgedNs += to - from;
        fromNs ??= from;
        toNs = to;
      }
      for (const finding of judgement.findings)
        if (finding.verdict !== 'note' && !isQuiet) addFinding(finding, from, to);
      if (verdict === 'inconclusive' && !isQuiet)
        for (const reason of inconclusiveReasons(judgement)) addReason(reason);
      if (gapNs > 0n) addReason('Between two windows there is time of which nothing was judged.');
    },
    doubt: (reason) => addReason(reason, 0),
    summary: () => ({
      windows: { ...windows },
      totals,
      judgedNs,
      fromNs,
      toNs,
      findings: [...findings.values()],
      unkept,
      reasons: [
        ...[...silent.values()].map((name) => ({
          reason: `No neighbor frame of ${name} was on any capture: nothing is known about it.`,
          windows: 0,
        })),
        ...[...reasons].map(([reason, count]) => ({ reason, windows: count })),
      ],
    }),
  };
}

/**
 * The verdict on the whole: one window that fails is a failure, and a pass needs an answer for every window in which
 * hosts spoke.
 */
export function verdictOf({ windows, reasons, totals }: WatchSummary): Verdict {
  if (windows.fail > 0) return 'fail';
  return windows.inconclusive > 0 || reasons.length > 0 || windows.pass === 0 || totals.probes === 0
    ? 'inconclusive'
    : 'pass';
}

function sortOfVerdict(verdict: Verdict): 'pass' | 'fail' | 'inconclusive' {
  return verdict === 'pass' || verdict === 'fail' ? verdict : 'inconclusive';
}

function inconclusiveReasons({ findings, reasons }: Judgement): readonly string[] {
  const own = findings.filter(({ verdict }) => verdict === 'inconclusive').map(({ sentence }) => sentence);
  return own.length > 0 ? own : reasons;
}
