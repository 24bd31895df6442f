import { KINDS, type TagForm } from '../../wire/kinds.js';
import type { Pattern } from '../rules/pattern.js';
import type { Finding, Outcome, Signature } from '../types.js';
import type { Claim, ClaimContext } from './claim.js';
import { claimSentence } from './sentences.js';
import { isClaimed, isMultiplied, type SettledPattern } from './totals.js';
import { ALTERED, copiesIn, DEAD, LATE, legIn, STORM_COPIES } from '../read/sightingBits.js';

/** The findings that follow from patterns alone, worst property first, then by leaf, sender and kind. */
export function findingsOf(settled: readonly SettledPattern[], context: ClaimContext): Finding[] {
  return claimsOf(settled, context.leaves.length).map((claim) => {
    const kind = KINDS[claim.kind]?.id;
    const leaf = context.leaves[claim.leaf];
    const sender = context.senders[claim.sender]?.name;
    return {
      property: claim.property,
      signature: claim.signature,
      verdict: 'fail',
      ...(leaf === undefined ? {} : { leaf }),
      ...(kind === undefined ? {} : { kind }),
      ...(sender === undefined ? {} : { sender }),
      count: claim.count,
      of: claim.of,
      probes: claim.patterns.flatMap(({ pattern }) => pattern.probes).sort((a, b) => a - b),
      sentence: claimSentence(claim, context),
    };
  });
}

export function claimsOf(settled: readonly SettledPattern[], leaves: number): Claim[] {
  const claims = new Map<string, Claim>();
  // What is settled alike is wrong in the same ways.
  const known = new Map<SettledPattern['settled'], readonly Wrong[]>();
  for (const item of settled) {
    const { pattern } = item;
    if (pattern.owed === 'unjudged') continue;
    const wrong = known.get(item.settled) ?? wrongs(pattern, item.settled.outcomes);
    known.set(item.settled, wrong);
    for (const [property, signature, leaf] of wrong) {
      const key = `${signature} ${groupKey(pattern, leaf)}`;
      let claim = claims.get(key);
      if (claim === undefined) {
        claim = {
          property,
          signature,
          leaf,
          sender: pattern.sender,
          kind: pattern.kind,
          form: pattern.form,
          count: 0,
          of: 0,
          patterns: [],
        };
        claims.set(key, claim);
      }
      claim.count += pattern.weight;
      claim.patterns.push(item);
    }
  }
  const judged = claims.size === 0 ? new Map<string, number>() : judgedFrames(settled, leaves);
  for (const claim of claims.values()) {
    const first = claim.patterns[0];
    if (first !== undefined) claim.of = judged.get(groupKey(first.pattern, claim.leaf)) ?? claim.count;
  }
  return [...claims.values()].sort(byImportance);
}

/** How many frames were judged, by group and leaf, and on any leaf. */
function judgedFrames(settled: readonly SettledPattern[], leaves: number): ReadonlyMap<string, number> {
  const judged = new Map<string, number>();
  for (const {
    pattern,
    settled: { outcomes },
  } of settled) {
    if (pattern.owed === 'unjudged') continue;
    for (let leaf = 0; leaf < leaves; leaf++) {
      const outcome = outcomes[leaf];
      if (outcome !== undefined && outcome !== 'unknown' && outcome !== 'not-judged' && outcome !== 'in-band')
        bump(judged, groupKey(pattern, leaf), pattern.weight);
    }
    if (outcomes.some((outcome) => outcome !== 'unknown' && outcome !== 'not-judged' && outcome !== 'in-band'))
      bump(judged, groupKey(pattern, -1), pattern.weight);
  }
  return judged;
}

type Wrong = readonly [Finding['property'], Signature, number];

function wrongs(pattern: Pattern, outcomes: readonly Outcome[]): Wrong[] {
  const found: Wrong[] = [];
  if (isMultiplied(pattern, outcomes)) found.push(['P4', 'data-replicated', -1]);
  if (pattern.owed === 'single' && outcomes.includes('missing')) found.push(['P4', 'data-lost', -1]);
  if (pattern.skewed && outcomes.some((outcome) => outcome !== 'unknown')) found.push(['P3', 'skew', -1]);
  outcomes.forEach((outcome, leaf) => {
    const word = pattern.words[leaf] ?? 0;
    if (outcome === 'unexpected' && pattern.owed === 'never') found.push(['P5', 'reflection', leaf]);
    else if (outcome === 'unexpected' && legIn(word) === DEAD) found.push(['P7', 'copy-to-dead-leg', leaf]);
    if (pattern.owed === 'replicated' && outcome === 'missing') found.push(['P1', 'missing', leaf]);
    if (pattern.owed === 'replicated' && outcome === 'duplicate') found.push(['P1', 'duplicate', leaf]);
    if (outcome !== 'unknown' && copiesIn(word) >= STORM_COPIES) found.push(['P7', 'storm', leaf]);
    if (pattern.owed === 'never' || pattern.owed === 'at-most-once' || !isClaimed(outcome, word)) return;
    if ((word & ALTERED) !== 0) found.push(['P2', 'identity', leaf]);
    if ((word & LATE) !== 0) found.push(['P3', 'late', leaf]);
  });
  return found;
}

/** In the order of every list of findings. */
export const SIGNATURES: readonly Signature[] = [
  'missing',
  'missing-inbound',
  'missing-on-host',
  'table-lost',
  'route-missing',
  'traffic-lost',
  'duplicate',
  'invented',
  'identity',
  'late',
  'skew',
  'data-replicated',
  'data-lost',
  'data-not-spread',
  'reflection',
  'returned-to-sender',
  'vlan-leak',
  'table-move',
  'copy-to-dead-leg',
  'storm',
  'split-aggregator',
  'damaged-capture',
  'drops',
  'no-cpu',
  'no-proof-of-life',
  'all-in-band',
  'nothing-judged',
  'table-not-aged',
  'blocked',
  'audit',
  'table-kept',
  'traffic',
  'second-host',
  'unasked',
];

/** Order of signatures in every list of findings. */
export function signatureRank(signature: Signature): number {
  return SIGNATURES.indexOf(signature);
}

const FORMS: readonly TagForm[] = ['untagged', 'tagged', 'qinq'];

function byImportance(a: Claim, b: Claim): number {
  return (
    signatureRank(a.signature) - signatureRank(b.signature) ||
    a.leaf - b.leaf ||
    a.sender - b.sender ||
    a.kind - b.kind ||
    FORMS.indexOf(a.form) - FORMS.indexOf(b.form)
  );
}

function groupKey(pattern: Pattern, leaf: number): string {
  return `${leaf} ${pattern.sender} ${pattern.kind} ${pattern.form} ${pattern.owed === 'never' ? 'never' : 'owed'}`;
}

function bump(map: Map<string, number>, key: string, by: number): void {
  map.set(key, (map.get(key) ?? 0) + by);
}
