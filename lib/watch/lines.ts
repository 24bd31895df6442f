import type { Finding, Verdict } from '../judge/types.js';
import { duration, some } from '../judge/tell/phrasing.js';
import { VERDICT_WORD } from '../judge/tell/text.js';
import type { JudgedWindow } from './windows.js';
import { sortOf, verdictOf, type WatchSummary } from './summary.js';

/** One line of a watch, for a person or, as JSON, for a program. */
export type WatchLine =
  /** Something of a sort that this window did not show before. */
  | { readonly type: 'finding'; readonly atNs: string; readonly finding: Finding; readonly isFirst: boolean }
  /** What the window before showed does not happen any more. */
  | { readonly type: 'gone'; readonly atNs: string; readonly finding: Finding }
  | {
      readonly type: 'window';
      readonly fromNs: string;
      readonly toNs: string;
      readonly verdict: Verdict | 'quiet';
      readonly probes: number;
      readonly delivered: number;
      readonly reasons: readonly string[];
    }
  | { readonly type: 'note'; readonly text: string };

export interface LineMaker {
  /** What a look at a window has to say that was not said yet. */
  of(window: JudgedWindow): readonly WatchLine[];
}

/** Senders and sorts of which it is remembered that they were told. */
const MOST_TOLD = 10_000;

/** Findings are told when they are first seen, and once for each further window; what only cannot be proved, when it ends. */
export function createLineMaker(): LineMaker {
  const ever = new Set<string>();
  let told = new Map<string, Finding>();
  let before = new Map<string, Finding>();
  return {
    of({ judged, span, isClosed, isQuiet, verdict }) {
      const { judgement } = judged;
      const atNs = String(span?.toNs ?? judgement.window.toNs);
      const lines: WatchLine[] = [];
      for (const finding of judgement.findings) {
        if (finding.verdict !== 'fail' && finding.verdict !== 'blocked') continue;
        const sort = sortOf(finding);
        if (told.has(sort)) continue;
        told.set(sort, finding);
        lines.push({ type: 'finding', atNs, finding, isFirst: !ever.has(sort) });
        if (ever.size < MOST_TOLD) ever.add(sort);
      }
      if (!isClosed) return lines;
      const shown = new Set(judgement.findings.map(sortOf));
      // Where nobody said anything, nothing shows that it is gone.
      if (!isQuiet) {
        for (const [sort, finding] of before) if (!shown.has(sort)) lines.push({ type: 'gone', atNs, finding });
        before = told;
      }
      told = new Map();
      lines.push({
        type: 'window',
        fromNs: String(span?.fromNs ?? judgement.window.fromNs),
        toNs: atNs,
        verdict: isQuiet ? 'quiet' : verdict,
        probes: judgement.totals.probes,
        delivered: judgement.totals.delivered,
        reasons: verdict === 'inconclusive' && !isQuiet ? judgement.reasons : [],
      });
      return lines;
    },
  };
}

/** `2026-11-29T10:42:07.123Z`, of ns since the epoch. */
export function timeText(ns: bigint | string): string {
  return new Date(Number(BigInt(ns) / 1_000_000n)).toISOString();
}

export function lineText(line: WatchLine): string {
  switch (line.type) {
    case 'finding':
      return `${timeText(line.atNs)} FAIL ${line.isFirst ? '' : 'again: '}${line.finding.sentence}`;
    case 'gone':
      return `${timeText(line.atNs)} no more: ${line.finding.sentence}`;
    case 'window': {
      const time = `${timeText(line.fromNs)} to ${timeText(line.toNs)}`;
      switch (line.verdict) {
        case 'quiet':
          return `${time}: quiet: no host sent a neighbor frame`;
        case 'pass':
        case 'fail':
          return `${time}: ${line.verdict}: ${line.delivered} of ${some(line.probes, 'neighbor frame')} reached every leaf exactly once`;
        default:
          return `${line.fromNs === '0' ? 'Time that was not judged' : time}: ${line.verdict}: ${line.reasons[0] ?? 'nothing is known'}${line.reasons.length > 1 ? ` (and ${line.reasons.length - 1} more)` : ''}`;
      }
    }
    case 'note':
      return line.text;
  }
}

/** One sentence on the whole watch. */
export function summarySentence(summary: WatchSummary, leaves: readonly string[]): string {
  const { windows, totals, judgedNs } = summary;
  const every = leaves.length === 2 ? 'both leaves' : `all ${leaves.length} leaves`;
  const all = windows.pass + windows.fail + windows.inconclusive + windows.quiet;
  const over = `in ${duration(Number(judgedNs))}`;
  switch (verdictOf(summary)) {
    case 'pass':
      return `Each of ${some(totals.probes, 'neighbor frame')} reached ${every} exactly once ${over}.`;
    case 'fail':
      return `Something went wrong in ${windows.fail} of ${some(all, 'window')}; ${totals.delivered} of ${some(totals.probes, 'neighbor frame')} reached ${every} exactly once ${over}.`;
    default:
      return `${unprovedSentence(summary, all)}.`;
  }
}

function unprovedSentence({ windows, reasons }: WatchSummary, all: number): string {
  if (all === 0) return 'Nothing was judged';
  if (windows.inconclusive > 0)
    return `The captures do not prove it either way: ${windows.inconclusive} of ${some(all, 'window')} could not be judged`;
  if (windows.pass > 0 && reasons[0] !== undefined)
    return `What was judged is as it should be, but not all is known: ${reasons[0].reason.replace(/\.$/, '')}`;
  return 'No host said anything that could be judged';
}

/** The end of a watch, as lines of a terminal or a log. Ends with a line feed. */
export function summaryText(summary: WatchSummary, leaves: readonly string[]): string {
  const { windows, totals, findings, reasons, unkept, fromNs, toNs } = summary;
  const lines = [
    `${VERDICT_WORD[verdictOf(summary)]}: ${summarySentence(summary, leaves)}`,
    '',
    `windows: ${windows.pass} pass, ${windows.fail} fail, ${windows.inconclusive} inconclusive, ${windows.quiet} quiet`,
    `neighbor frames ${totals.probes}: delivered ${totals.delivered}; missing ${totals.missing}, duplicate ${totals.duplicate}, late ${totals.late}, altered ${totals.altered}, unexpected ${totals.unexpected} (frame-leaf pairs)`,
    `frames to be sent once ${totals.dataFrames}: copied ${totals.dataDuplicated}; frames that came back ${totals.reflected}`,
  ];
  if (fromNs !== null && toNs !== null) lines.push(`time judged: ${timeText(fromNs)} to ${timeText(toNs)}`);
  for (const { finding, count, windows: seen, fromNs: from, toNs: to } of findings.filter(
    (each) => each.finding.verdict === 'fail',
  ))
    lines.push(
      `- ${finding.property} ${timeText(from)} to ${timeText(to)}, ${some(seen, 'window')}, ${count} in all; last: ${finding.sentence}`,
    );
  if (unkept > 0) lines.push(`- and ${unkept} findings of further sorts`);
  for (const { reason, windows: about } of reasons)
    lines.push(`- not proved${about > 0 ? ` (${some(about, 'window')})` : ''}: ${reason}`);
  return `${lines.join('\n')}\n`;
}
