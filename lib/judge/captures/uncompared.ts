import { kindCode } from '../../wire/classify.js';
import type { Finding } from '../types.js';
import { habitOf } from './habits.js';

/**
 * Takes back that announcements came too often where only one of several leaves can be trusted: a host may say them as
 * often and as fast as it wants, and only another leaf could tell how often it did.
 */
export function uncompared(findings: readonly Finding[], valid: readonly boolean[]): readonly Finding[] {
  if (valid.length < 2 || valid.filter(Boolean).length !== 1) return findings;
  return findings.map((finding) =>
    isTooOften(finding)
      ? {
          ...finding,
          verdict: 'inconclusive',
          sentence: `${finding.sentence} Whether the host said it so often is not known, for nothing can be said of another leaf.`,
        }
      : finding,
  );
}

function isTooOften({ verdict, signature, kind }: Finding): boolean {
  return (
    verdict === 'fail' &&
    (signature === 'duplicate' || signature === 'storm') &&
    kind !== undefined &&
    habitOf(kindCode(kind)) === 'announcement'
  );
}
