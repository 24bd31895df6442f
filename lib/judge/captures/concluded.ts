import type { Profile } from '../../profile/types.js';
import { conclude, type Conclusion } from '../tell/conclude.js';
import type { Finding } from '../types.js';
import type { Claims } from './captureClaims.js';
import { demandFindings, takenNotes, withoutUncarried } from './claimFindings.js';
import type { Pairing } from './pairing.js';
import { PAIRING } from './settings.js';
import type { Trust } from './trust.js';
import { uncompared } from './uncompared.js';

const NO_NEIGHBOR_FRAME: Finding = {
  property: 'validity',
  signature: 'nothing-judged',
  verdict: 'inconclusive',
  count: 0,
  probes: [],
  sentence:
    'No neighbor frame of these hosts lies far enough inside the time that all captures share, so nothing is known about them: capture for longer.',
};

export interface ConcludedInput {
  readonly leaves: readonly string[];
  readonly profile: Profile;
  readonly pairing: Pick<Pairing, 'tally' | 'counts' | 'senders' | 'endNs'>;
  readonly startNs: number;
  readonly trust: Pick<Trust, 'valid' | 'onePort'>;
  readonly claims: Claims;
  /** Findings that do not come from the fate of one frame. */
  readonly found: readonly Finding[];
}

/** What is concluded from the fates of all frames, from what the captures carry, and from what was found beside them. */
export function concludedFrom(input: ConcludedInput): Conclusion {
  const { leaves, profile, pairing, startNs, trust, claims, found } = input;
  const { tally, counts, senders, endNs } = pairing;
  const { valid, onePort } = trust;
  const concludeWith = (extra: readonly Finding[]): Conclusion =>
    conclude({
      tally: tally.tally,
      valid,
      silent: profile.deadLegMustBeSilent,
      reflected: onePort.isEverywhere ? 0 : counts.reflected.reduce((sum, n) => sum + n, 0),
      extra: [...extra],
      context: { leaves, senders, lateNs: PAIRING.pairNs, maxSkewNs: profile.maxSkewNs },
      excuse: claims.excuse,
      doubt: (findings) => uncompared(findings, valid),
    });
  const carried = withoutUncarried(found, leaves, claims);
  // Second copies were seen, whatever they are.
  const second = counts.second.flatMap((weight, leaf) =>
    weight === 0 ? [] : [{ leaf, claim: 'once' as const, weight }],
  );
  const taken = [...concludeWith(carried).taken, ...second];
  // Where nothing can be judged, what was demanded adds nothing.
  const isJudged = valid.every(Boolean) && endNs > startNs;
  const all = [
    ...carried,
    ...takenNotes(leaves, taken, claims),
    ...(isJudged ? demandFindings(leaves, claims, taken) : []),
  ];
  const first = concludeWith(all);
  // Data that was sent once answers no question about neighbor frames.
  return first.verdict === 'pass' && first.totals.probes === 0 ? concludeWith([...all, NO_NEIGHBOR_FRAME]) : first;
}
