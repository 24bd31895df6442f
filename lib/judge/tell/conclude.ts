import type { ClaimContext } from './claim.js';
import { findingsOf, signatureRank } from './claims.js';
import type { PatternTally } from '../rules/pattern.js';
import { reasonsOf } from './sentences.js';
import { totalsOf, type SettledPattern, type Totals } from './totals.js';
import { NO_EXCUSE, settleAll, type Excuse, type Taken } from '../vantage/carried.js';
import type { Finding, Verdict } from '../types.js';
import { verdictOfFindings } from './verdict.js';
import { some } from './phrasing.js';

/**
 * The last step of every judgement, however its probes were identified: from patterns to counts, findings, reasons and
 * verdict.
 */
export interface Conclusion extends Totals {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly reasons: readonly string[];
  /** What the vantages did not carry. */
  readonly taken: readonly Taken[];
}

export interface ConcludeInput {
  readonly tally: PatternTally;
  /** Which leaves have a certificate. */
  readonly valid: readonly boolean[];
  /** A copy on a dead leg is a failure. */
  readonly silent: boolean;
  readonly context: ClaimContext;
  /** Findings that do not come from patterns. */
  readonly extra: readonly Finding[];
  /** Takes back findings that have another explanation. */
  readonly doubt?: (findings: readonly Finding[]) => readonly Finding[];
  /** Frames that came back, beyond those in patterns. */
  readonly reflected: number;
  /** What the vantages of captures do not carry; in a lab they carry everything. */
  readonly excuse?: Excuse;
}

export function conclude({
  tally,
  valid,
  silent,
  context,
  extra,
  reflected,
  doubt = (findings) => findings,
  excuse = NO_EXCUSE,
}: ConcludeInput): Conclusion {
  const settled = settleAll(tally.patterns(), valid, silent, excuse);
  const totals = totalsOf(settled, context.leaves);
  const findings = [...doubt([...findingsOf(settled, context), ...extra, ...emptiness(settled, extra)])];
  if (tally.overflow() > 0) findings.push(overflowFinding(tally.overflow()));
  findings.sort((a, b) => rank(a) - rank(b) || signatureRank(a.signature) - signatureRank(b.signature));
  return {
    ...totals,
    totals: { ...totals.totals, reflected: totals.totals.reflected + reflected },
    verdict: verdictOfFindings(findings),
    findings,
    taken: settled.flatMap(({ taken }) => taken),
    reasons: reasonsOf(findings),
  };
}

const RANKS: readonly Finding['verdict'][] = ['fail', 'inconclusive', 'blocked', 'note'];

function rank(finding: Finding): number {
  return RANKS.indexOf(finding.verdict);
}

/** A pass needs at least one frame that was judged. */
function emptiness(settled: readonly SettledPattern[], extra: readonly Finding[]): Finding[] {
  if (settled.some(({ settled: { verdict } }) => verdict === 'fail')) return [];
  // The absence of a frame that need not come proves nothing.
  const owed = settled.filter(({ pattern }) => pattern.owed !== 'unjudged' && pattern.owed !== 'at-most-once');
  if (owed.some(({ settled: { verdict } }) => verdict === 'pass')) return [];
  const count = owed.reduce((sum, { pattern }) => sum + pattern.weight, 0);
  const inBand = owed
    .filter(({ settled: { outcomes } }) => outcomes.includes('in-band'))
    .reduce((sum, { pattern }) => sum + pattern.weight, 0);
  if (inBand > 0 && inBand === count)
    return [
      empty(
        'all-in-band',
        count,
        `All ${some(count, 'probe')} fell into the don't-care time around a fault's edge, so nothing was judged.`,
      ),
    ];
  if (extra.some((finding) => finding.verdict !== 'note')) return [];
  return [
    empty(
      'nothing-judged',
      count,
      count === 0 ? 'No frame was there that could be judged.' : `None of ${some(count, 'probe')} could be judged.`,
    ),
  ];
}

function empty(signature: 'all-in-band' | 'nothing-judged', count: number, sentence: string): Finding {
  return { property: 'validity', signature, verdict: 'inconclusive', count, probes: [], sentence };
}

function overflowFinding(count: number): Finding {
  return {
    property: 'validity',
    signature: 'nothing-judged',
    verdict: 'inconclusive',
    count,
    probes: [],
    sentence: `${some(count, 'frame')} behaved in too many different ways to be counted: judge fewer hosts at a time.`,
  };
}
