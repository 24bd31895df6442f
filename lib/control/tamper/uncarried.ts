import type { Signature } from '../../judge/types.js';
import { calibrated } from '../../judge/vantage/calibrated.js';
import { CLAIM_TEXT, type ClaimName } from '../../judge/vantage/vantages.js';
import type { Lack } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import type { Tamper } from './types.js';

/** What a leaf must carry for this to be told there (lib/judge/vantage/carried.ts); anything else is told everywhere. */
const CARRIED_BY: Readonly<Partial<Record<Signature, ClaimName>>> = {
  missing: 'missing',
  duplicate: 'once',
  identity: 'identity',
  late: 'skew',
  skew: 'skew',
  'data-replicated': 'data',
  'data-lost': 'data',
  'data-not-spread': 'data',
  reflection: 'reflection',
};

/**
 * Why nothing could be seen of a tamper: a leaf does not carry the claim that each of its signatures needs. Where one
 * leaf does and another one does not, it is not tried either, as it may be at work on the other one alone.
 */
export function uncarried({ vantages = {} }: Pick<Lab, 'vantages'>, { name, mustFind }: Tamper): Lack | null {
  for (const [leaf, record] of Object.entries(vantages)) {
    // Its counters stand still, as long as nothing is lost.
    const place = calibrated(record, record.counted === null ? null : 0);
    const lost = mustFind.map((signature) => {
      const claim = CARRIED_BY[signature];
      const why = claim === undefined ? null : place.whyNot(claim);
      return claim === undefined || why === null ? null : { claim, why };
    });
    const [first] = lost;
    if (first !== undefined && first !== null && lost.every((one) => one !== null))
      return {
        what: `a capture of ${leaf} that shows what the tamper ${name} does (${CLAIM_TEXT[first.claim]})`,
        command: `calibration of ${record.at}`,
        output: first.why,
      };
  }
  return null;
}
