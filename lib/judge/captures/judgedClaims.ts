import { copiesIn } from '../read/sightingBits.js';
import { isOnTheWire } from '../vantage/vantages.js';
import type { Arrivals } from './arrivals.js';
import { claimsOf, NOTHING_DECLARED, type Claims } from './captureClaims.js';
import type { CaptureOptions, NamedFeed } from './captureOptions.js';
import type { ContentTally } from './contentTally.js';
import type { Pairing } from './pairing.js';
import { policedBy, type Policed } from './policer.js';
import type { Trust } from './trust.js';

/** What can be claimed of the frames of captures. `isClockDoubtful`: copies may be as far apart as the clocks. */
export function claimsIn(
  captures: readonly NamedFeed[],
  { tally, arrivals, counts }: Pick<Pairing, 'tally' | 'arrivals' | 'counts'>,
  { vantages, alike }: Pick<Trust, 'vantages' | 'alike'>,
  { declared = NOTHING_DECLARED, isTagless = false, seeksReflections = true }: CaptureOptions,
  isClockDoubtful: boolean,
): Claims {
  return claimsOf({
    ...declared,
    vantages,
    leaves: captures.map(({ name }) => name),
    patterns: tally.tally.patterns(),
    examples: tally.examples,
    second: counts.second,
    altered: alike.altered,
    policed: vantages.map((vantage, leaf) =>
      // On the wire nothing is policed, and counters that stood still refute it.
      isOnTheWire(vantage) || vantage.losses === 0 ? null : policedOn(leaf, captures.length, arrivals, tally),
    ),
    isTagless,
    showsTags: captures.map(({ feed }) => (feed.end?.fields.hosts ?? []).some(({ neighbors }) => neighbors.tagged > 0)),
    isClockDoubtful,
    seeksReflections,
  });
}

/**
 * Of what came to the leaf that saw the fewest, at least this share must have come to all: what a policer drops on one
 * leaf is on the others, and so is what it lets through. Without a replicator each frame is on one of them.
 */
const LEAST_COMMON = 0.1;

/** Whether the leaves saw the same frames at all. */
function haveMuchInCommon({ tally }: ContentTally, leaves: number): boolean {
  const came = new Array<number>(leaves).fill(0);
  let common = 0;
  for (const { owed, words, weight } of tally.patterns()) {
    if (owed !== 'replicated') continue;
    const isThere = Array.from({ length: leaves }, (_, leaf) => copiesIn(words[leaf] ?? 0) > 0);
    isThere.forEach((there, leaf) => {
      if (there) came[leaf] = (came[leaf] ?? 0) + weight;
    });
    if (isThere.every(Boolean)) common += weight;
  }
  return common >= LEAST_COMMON * Math.min(...came);
}

function policedOn(leaf: number, leaves: number, arrivals: Arrivals, tally: ContentTally): Policed | null {
  const offered = arrivals.of(leaf);
  if (offered === null || !haveMuchInCommon(tally, leaves)) return null;
  const groups = tally.tally.patterns().flatMap(({ owed, sender, kind, words, weight }) => {
    if (owed !== 'replicated') return [];
    const isThere = copiesIn(words[leaf] ?? 0) > 0;
    return [{ sender, kind, came: isThere ? weight : 0, missing: isThere ? 0 : weight }];
  });
  return policedBy(offered, groups);
}
