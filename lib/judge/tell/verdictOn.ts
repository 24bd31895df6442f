import type { EvidenceManifest } from '../../evidence/types.js';
import type { Finding, Judgement } from '../types.js';
import type { Conclusion } from './conclude.js';

/**
 * The verdict on an experiment; no pass or fail where it was blocked before its subject could be tested, or was not
 * tried at all.
 */
export function verdictOn(
  { blocked, skipped }: Pick<EvidenceManifest, 'blocked' | 'skipped'>,
  { verdict, reasons, findings }: Conclusion,
): Pick<Judgement, 'verdict' | 'reasons' | 'findings'> {
  if (blocked !== null) {
    const finding: Finding = {
      property: 'validity',
      signature: 'blocked',
      verdict: 'blocked',
      count: 1,
      probes: [],
      sentence: `Nothing could be tested: ${blocked}`,
    };
    return { verdict: 'blocked', reasons: [finding.sentence], findings: [finding, ...findings] };
  }
  if (skipped !== undefined)
    return { verdict: 'skipped', reasons: [`It cannot be tried on this machine: ${skipped}.`], findings };
  return { verdict, reasons, findings };
}
