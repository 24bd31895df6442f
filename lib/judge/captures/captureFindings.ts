import { KINDS } from '../../wire/kinds.js';
import type { Problem } from '../read/certificate.js';
import type { Finding, Judgement } from '../types.js';
import { duration, listed, plural, some } from '../tell/phrasing.js';
import type { Alignment } from './align.js';
import type { Feed } from './feed.js';
import { KIND_SPACE, type MatcherCounts } from './matcherCounts.js';
import { MOST_HOSTS, PAIRING } from './settings.js';

/** Findings that do not come from the fate of frames. */
export interface FindingInput {
  readonly leaves: readonly string[];
  readonly feeds: readonly Feed[];
  readonly problems: readonly (readonly Problem[])[];
  readonly alignments: readonly Alignment[];
  readonly counts: MatcherCounts;
  /** Leaves of which something is claimed. */
  readonly valid: readonly boolean[];
  /** When each capture began and ended, corrected, ns; infinite without frames. */
  readonly spans: readonly { readonly fromNs: number; readonly toNs: number }[];
  /** Corrected, ns. */
  readonly startNs: number;
  readonly endNs: number;
}

export function captureFindings(input: FindingInput): Finding[] {
  const { leaves, feeds, problems, counts } = input;
  const findings = problemFindings(leaves, problems);
  findings.push(...windowFindings(input), ...clockFindings(input), ...reflectionFindings(input));
  if (counts.crowded > 0)
    findings.push(
      doubt(
        counts.crowded,
        `More frames came within ${duration(PAIRING.copyNs)} than can be kept: judge fewer hosts at a time.`,
      ),
    );
  if (counts.twins > 0) {
    findings.push(
      doubt(
        counts.twins,
        `Nothing can be said of ${some(counts.twins, 'answer')} that came several times to every leaf at once: either the leaves asked together and the host answered each, or something doubles what it says. Captures in which these hosts also ask and announce tell.`,
      ),
    );
  }
  if (counts.coincident > 0) {
    findings.push({
      property: 'P1',
      signature: 'duplicate',
      verdict: 'note',
      count: counts.coincident,
      probes: [],
      sentence: `${some(counts.coincident, 'answer')} came several times to every leaf at once, and ${counts.coincident === 1 ? 'is' : 'are'} taken for answers to leaves that asked together: most came once, and nothing else of these hosts came twice.`,
    });
  }
  const reshaped = Math.max(...counts.reshaped);
  if (reshaped > 0)
    findings.push(
      doubt(
        reshaped,
        `Nothing can be said of ${some(reshaped, 'neighbor frame')} on ${listed(leaves.filter((_, leaf) => (counts.reshaped[leaf] ?? 0) > 0))}: copies on one leaf have as many VLAN tags as the profile does not judge, and on another one fewer. Capture in the same way on all leaves.`,
      ),
    );
  const untold = leaves.filter((_, leaf) => (feeds[leaf]?.end?.untold ?? 0) > 0);
  const tagged = feeds.reduce((sum, feed) => sum + (feed.end?.tagged ?? 0), 0);
  if (untold.length > 0 && (tagged > 0 || untold.length === leaves.length)) {
    findings.push(
      doubt(
        Math.max(1, tagged),
        `Nothing can be said of VLAN tags: captures of every interface (-i any), as that of ${listed(untold)}, hold none. Capture on the port.`,
      ),
    );
  }
  feeds.forEach((feed, leaf) => {
    const carried = feed.end?.summary.carried ?? 0;
    if (carried === 0) return;
    findings.push({
      property: 'validity',
      signature: 'no-proof-of-life',
      verdict: 'note',
      leaf: leaves[leaf] ?? '',
      count: carried,
      probes: [],
      sentence: `${some(carried, 'record')} of ${leaves[leaf] ?? ''} ${carried === 1 ? 'says' : 'say'} a fraction of a second that is a whole second or more: it was added to the seconds, as other programs do.`,
    });
  });
  const strangers = feeds.reduce((sum, feed) => sum + (feed.end?.strangers ?? 0), 0);
  if (strangers > 0)
    findings.push(
      doubt(
        strangers,
        `There are more than ${MOST_HOSTS} senders, and ${some(strangers, 'frame')} of the others were left out: name the hosts.`,
      ),
    );
  return findings;
}

/** What is wrong with several captures together is said once. */
export function problemFindings(leaves: readonly string[], problems: readonly (readonly Problem[])[]): Finding[] {
  const byText = new Map<string, { readonly problem: Problem; readonly of: string[] }>();
  problems.forEach((list, leaf) => {
    for (const problem of list) {
      const known = byText.get(problem.text);
      if (known === undefined) byText.set(problem.text, { problem, of: [leaves[leaf] ?? ''] });
      else known.of.push(leaves[leaf] ?? '');
    }
  });
  return [...byText.values()].map(({ problem, of }): Finding => ({
    property: 'validity',
    signature: problem.signature,
    verdict: 'inconclusive',
    ...(of.length === 1 ? { leaf: of[0] ?? '' } : {}),
    count: 1,
    probes: [],
    sentence: `Nothing can be said about ${listed(of)}: ${problem.text}.`,
  }));
}

function doubt(count: number, sentence: string): Finding {
  return { property: 'validity', signature: 'no-proof-of-life', verdict: 'inconclusive', count, probes: [], sentence };
}

/** Of the longest capture: who judges less of it may wonder why. */
const LEAST_SHARE = 0.5;

function windowFindings({ leaves, feeds, problems, spans, startNs, endNs }: FindingInput): Finding[] {
  const isSound = feeds.every((_, leaf) => problems[leaf]?.length === 0);
  if (!isSound) return [];
  if (endNs > startNs) return shortWindow(leaves, spans, endNs - startNs);
  return [
    doubt(
      1,
      `There is no time in which ${leaves.length === 2 ? 'both captures' : 'all captures'} were alive: the last one began ${duration(startNs - endNs)} after the first one had ended.`,
    ),
  ];
}

function shortWindow(leaves: readonly string[], spans: FindingInput['spans'], judgedNs: number): Finding[] {
  /** The leaf for which this is greatest. */
  const first = (of: (span: { readonly fromNs: number; readonly toNs: number }) => number): number =>
    spans.reduce((best, span, leaf) => (of(span) > of(spans[best] ?? span) ? leaf : best), 0);
  const longest = first(({ fromNs, toNs }) => toNs - fromNs);
  const longestNs = (spans[longest]?.toNs ?? 0) - (spans[longest]?.fromNs ?? 0);
  if (!(judgedNs < LEAST_SHARE * longestNs)) return [];
  const name = (leaf: number): string => leaves[leaf] ?? '';
  return [
    {
      property: 'validity',
      signature: 'no-proof-of-life',
      verdict: 'note',
      count: 1,
      probes: [],
      sentence: `Only ${duration(judgedNs)} of the ${duration(longestNs)} that ${name(longest)} was captured could be judged: ${name(first(({ fromNs }) => fromNs))} began last, and ${name(first(({ toNs }) => -toNs))} ended first.`,
    },
  ];
}

function clockFindings(input: FindingInput): Finding[] {
  const { leaves, alignments } = input;
  const shaky = leaves.flatMap((leaf, at) => {
    const alignment = alignments[at];
    if (alignment?.isShaky !== true) return [];
    return [
      doubt(
        1,
        `The clock of ${leaf} is not known for sure (${alignment.reason ?? ''}): frames are missing either way.`,
      ),
    ];
  });
  return [...shaky, ...unknownClocks(input)];
}

function unknownClocks({ leaves, alignments, counts }: FindingInput): Finding[] {
  const unknown = leaves.flatMap((leaf, at) => {
    const alignment = alignments[at];
    return alignment === undefined ||
      alignment.how === 'measured' ||
      alignment.reason === null ||
      alignment.isContradicted
      ? []
      : [{ leaf, reason: alignment.reason, isAlone: alignment.isAlone }];
  });
  if (unknown.length === 0) return [];
  const who = `The clock of ${listed(unknown.map(({ leaf }) => leaf))} could not be measured (${listed([...new Set(unknown.map(({ reason }) => reason))])})`;
  const note = (sentence: string): Finding => ({
    property: 'validity',
    signature: 'no-proof-of-life',
    verdict: 'note',
    count: unknown.length,
    probes: [],
    sentence,
  });
  if (unknown.every(({ isAlone }) => isAlone))
    return [
      note(`${who} and is taken as it stands: this verdict is void if the captures were not taken at the same time.`),
    ];
  const sentence = `${who}: it is taken as it stands, and only what does not depend on it within ${duration(PAIRING.assumedNs)} is judged`;
  return counts.ambiguous === 0
    ? [note(`${sentence}.`)]
    : [doubt(counts.ambiguous, `${sentence}; of ${some(counts.ambiguous, 'frame')} that repeat nothing can be said.`)];
}

function reflectionFindings({ leaves, valid, counts }: FindingInput): Finding[] {
  const findings: Finding[] = [];
  leaves.forEach((leaf, at) => {
    if (valid[at] !== true) return;
    KINDS.forEach((entry, kind) => {
      const count = counts.reflected[kind * leaves.length + at] ?? 0;
      if (count === 0 || kind >= KIND_SPACE) return;
      findings.push({
        property: 'P5',
        signature: 'reflection',
        verdict: 'fail',
        leaf,
        kind: entry.id,
        count,
        probes: [],
        sentence: `${leaf} received ${count} ${plural(entry.id)} that came from a leaf: what one leaf sends may never reach a leaf again.`,
      });
    });
  });
  return findings;
}

/** Frames that belong to nobody or owe nothing, by kind and leaf. */
export function captureBackground(
  leaves: readonly string[],
  feeds: readonly Feed[],
  counts: MatcherCounts,
): Judgement['background'] {
  const of = (kind: number, leaf: number): number =>
    (feeds[leaf]?.end?.background[kind] ?? 0) + (counts.background[kind * leaves.length + leaf] ?? 0);
  const rows = KINDS.flatMap((entry, kind): [string, Record<string, number>][] => {
    const row = Object.fromEntries(leaves.map((leaf, at) => [leaf, of(kind, at)]));
    return Object.values(row).some((count) => count > 0) ? [[entry.id, row]] : [];
  });
  return Object.fromEntries(rows);
}
