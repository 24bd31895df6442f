import { listed, some } from '../tell/phrasing.js';
import type { ClaimsJudged, Finding, Signature } from '../types.js';
import type { Taken } from '../vantage/carried.js';
import { CLAIM_TEXT, CLAIMS, type ClaimName } from '../vantage/vantages.js';
import { NO_GATEWAY, type Claims } from './captureClaims.js';

/** What is demanded and cannot be carried: nothing passes then. */
export function demandFindings(leaves: readonly string[], claims: Claims, taken: readonly Taken[]): Finding[] {
  const found = claims.demanded.flatMap((claim) => {
    if (claim === 'reflection' && leaves.some((_, leaf) => claims.whyNot(leaf, claim) === NO_GATEWAY))
      return [doubt('It was demanded to look for reflections: name the leaves with --gateway.')];
    const byReason = new Map<string, string[]>();
    leaves.forEach((name, leaf) => {
      const why = claims.whyNot(leaf, claim);
      if (why !== null) byReason.set(why, [...(byReason.get(why) ?? []), name]);
    });
    return [...byReason].map(([why, names]) =>
      doubt(
        `The capture of ${listed(names)} cannot carry "${CLAIM_TEXT[claim]}": ${why}.`,
        names.length === 1 ? names[0] : undefined,
      ),
    );
  });
  if (claims.demanded.includes('missing')) return found;
  // A pass says that frames reached every leaf, whatever else was asked for.
  const unseen = leaves.flatMap((leaf, at) => {
    const frames = countOf(taken, at, 'missing');
    return frames === 0
      ? []
      : [
          doubt(
            `${some(frames, 'frame')} ${frames === 1 ? 'was' : 'were'} not seen on ${leaf}, and its capture does not tell whether ${frames === 1 ? 'it' : 'they'} came: ${claims.whyNot(at, 'missing') ?? ''}.`,
            leaf,
          ),
        ];
  });
  return [...found, ...unseen];
}

const WOULD_BE: Readonly<Record<ClaimName, readonly [Finding['property'], Signature, string]>> = {
  reached: ['P1', 'missing', 'did not reach it'],
  missing: ['P1', 'missing', 'not seen there'],
  once: ['P1', 'duplicate', 'seen there more than once'],
  identity: ['P2', 'identity', 'altered there'],
  tags: ['P2', 'identity', 'with other tags there'],
  'hop-limit': ['P2', 'identity', 'with another hop limit there'],
  skew: ['P3', 'late', 'late there'],
  data: ['P4', 'data-replicated', 'seen there that must be sent once'],
  reflection: ['P5', 'reflection', 'back there'],
};

/** What would have been said, as notes with their numbers: it is neither good nor bad. */
export function takenNotes(leaves: readonly string[], taken: readonly Taken[], claims: Claims): Finding[] {
  return CLAIMS.flatMap((claim) =>
    leaves.flatMap((leaf, at): Finding[] => {
      const count = countOf(taken, at, claim);
      if (count === 0) return [];
      const [property, signature, what] = WOULD_BE[claim];
      const why = claims.whyNot(at, claim) ?? '';
      return [
        {
          property,
          signature,
          verdict: 'note',
          leaf,
          count,
          probes: [],
          sentence: `Not judged on ${leaf}: ${some(count, 'frame')} ${what} (${why}).`,
        },
      ];
    }),
  );
}

const CLAIM_OF: Readonly<Partial<Record<Finding['property'], ClaimName>>> = {
  P1: 'once',
  P4: 'data',
  P5: 'reflection',
};

/**
 * Findings that speak of a claim which their leaf does not carry become notes. So do doubts whether frames came twice,
 * where nobody asked and no pass would say that they came once.
 */
export function withoutUncarried(findings: readonly Finding[], leaves: readonly string[], claims: Claims): Finding[] {
  return findings.map((finding) => {
    const claim = CLAIM_OF[finding.property];
    if (claim === undefined || finding.verdict === 'note') return finding;
    const isSilent =
      finding.verdict === 'inconclusive'
        ? !claims.demanded.includes(claim) && leaves.some((_, leaf) => claims.whyNot(leaf, claim) !== null)
        : claims.excuse(leaves.indexOf(finding.leaf ?? ''), claim);
    return isSilent ? { ...finding, verdict: 'note' } : finding;
  });
}

/** The claims as reports show them. */
export function claimsJudged(leaves: readonly string[], claims: Claims): ClaimsJudged {
  return {
    demanded: claims.demanded,
    vantages: Object.fromEntries(
      leaves.flatMap((leaf, at) => {
        const name = claims.vantages[at]?.name ?? null;
        return name === null ? [] : [[leaf, name]];
      }),
    ),
    notJudged: Object.fromEntries(
      leaves.map((leaf, at) => [
        leaf,
        Object.fromEntries(
          CLAIMS.flatMap((claim) => {
            const why = claims.whyNot(at, claim);
            return why === null ? [] : [[claim, why] as const];
          }),
        ),
      ]),
    ),
  };
}

function doubt(sentence: string, leaf?: string): Finding {
  return {
    property: 'validity',
    signature: 'nothing-judged',
    verdict: 'inconclusive',
    ...(leaf === undefined ? {} : { leaf }),
    count: 1,
    probes: [],
    sentence,
  };
}

function countOf(taken: readonly Taken[], leaf: number, claim: ClaimName): number {
  return taken.reduce((sum, entry) => sum + (entry.leaf === leaf && entry.claim === claim ? entry.weight : 0), 0);
}
