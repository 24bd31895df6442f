import type { Finding, Verdict } from '../types.js';

const ORDER: readonly Verdict[] = ['fail', 'inconclusive', 'blocked', 'pass', 'skipped'];

/** The worst of a set: fail > inconclusive > blocked > pass > skipped. An empty set is inconclusive: nothing ran. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return ORDER.find((verdict) => verdicts.includes(verdict)) ?? 'inconclusive';
}

/**
 * The verdict of the findings; a pass if none counts. A finding must say if nothing was judged at all.
 */
export function verdictOfFindings(findings: readonly Finding[]): Verdict {
  return worstOf(['pass', ...findings.flatMap((finding) => (finding.verdict === 'note' ? [] : [finding.verdict]))]);
}
