import { clockCandidates, SEARCHED_DRIFT } from './clockCandidates.js';
import { aliveUnder, FINE_NS, refined, scoreOf, sober, type Alive, type ClockLine, type Score } from './clockLine.js';
import { commonOf, type Common, type Samples } from './samples.js';
import { PAIRING } from './settings.js';

export interface ClockFit extends ClockLine {
  /** How far single copies lie from the fit: 1.5 times their median distance. */
  readonly errorNs: number;
  /** Copies that agree. */
  readonly support: number;
}

/** Why the common frames do not tell the clock. */
export interface Unknown {
  readonly type: 'too-few' | 'several' | 'repeats';
  /** Frames that are on both captures. */
  readonly common: number;
  /** Of those: such as the best offset brings together. */
  readonly support: number;
  /** The best offset and the one that fits as well, less the one that clocks which agree would show, ns. */
  readonly offsetsNs: readonly number[];
  /** The clocks as they stand bring the common frames together as well as any other offset. */
  readonly isPlausible: boolean;
}

export type Estimate =
  | {
      readonly type: 'fit';
      readonly fit: ClockFit;
      /** Another offset fits nearly as well, and frames are missing under that, too: enough to fail, not to pass. */
      readonly rivals: Unknown | null;
    }
  /** No content is on both: nothing can be measured, and nothing contradicts the clocks as they are. */
  | { readonly type: 'nothing-common' }
  | Unknown;

/** So many contents that are there once settle it without looking at repeats. */
const ENOUGH_UNIQUE = 64;
const LEAST_SUPPORT = 3;
/** Chance that some wrong offset brings as many frames together: natural logarithm of one in a million. */
const CHANCE = -13.8;
/** Natural logarithm of what speaks against a frame that was lost: one in ten is. */
const PER_LOSS = 2.3;
/**
 * Odds by which the best offset must beat each other one: natural logarithm of a million, more than six losses that
 * nothing else shows.
 */
const ODDS = 14;
/** An offset that explains fewer of the frames explains them by coincidence. */
const RIVAL_LEAST_SHARE = 1 / 8;
/**
 * Where clocks agree as they stand, coincidences are evidence by themselves: only what explains this share of the
 * frames speaks against it.
 */
const STANDING_RIVAL_SHARE = 0.7;
/**
 * Retransmission timers run at whole seconds (RFC 4861 RetransTimer, RFC 5227, Linux): leaves that each hear another
 * try look like clocks that are so far apart.
 */
const TRY_NS = 1_000_000_000;
const TRY_JITTER_NS = 10_000_000;
const MOST_TRIES = 64;
/** More frames than these are no tries that happened to fall like that. */
const TRIED = 16;

/**
 * Finds how two clocks differ: the line along which frames of the same content lie. The true line brings together
 * frames of all contents, at all times, and closely; a wrong one only repeats of equal periods. Where frames that were
 * lost explain another line nearly as well, there is no answer.
 * @param standingNs the difference that clocks which agree would show, ns: the captures' times have bases of their own
 */
export function estimateClock(here: Samples, there: Samples, standingNs: number): Estimate {
  const common = commonOf(here, there);
  if (common.length === 0) return { type: 'nothing-common' };
  const alive = (line: ClockLine): Alive => aliveUnder(line, here, there);
  const unique = common.filter((entry) => entry.here.length === 1 && entry.there.length === 1);
  if (unique.length >= ENOUGH_UNIQUE) {
    const [best] = scores(unique, alive);
    if (best !== undefined && best.matched >= ENOUGH_UNIQUE) return fitOf(unique, best, alive);
  }
  const [best, ...others] = scores(common, alive);
  const unknown = (type: Unknown['type'], rival?: Score): Unknown => ({
    type,
    common: common.reduce((sum, entry) => sum + Math.min(entry.here.length, entry.there.length), 0),
    support: best?.matched ?? 0,
    offsetsNs: [best, rival].flatMap((score) =>
      score === undefined ? [] : [offsetAt(score.line, middleOf(alive(best?.line ?? score.line))) - standingNs],
    ),
    isPlausible: isPlausible(common, standingNs, alive, best),
  });
  if (best === undefined || best.matched < LEAST_SUPPORT) return unknown('too-few');
  const at = middleOf(alive(best.line));
  const far = Math.abs(offsetAt(best.line, at) - standingNs);
  const isStanding = far <= PAIRING.pairNs;
  if (!isSignificant(best, common, here, there, isStanding)) return unknown('too-few');
  const rivals = others.filter((other) => {
    if (Math.abs(offsetAt(other.line, at) - offsetAt(best.line, at)) <= 2 * FINE_NS) return false;
    const share = isStanding ? STANDING_RIVAL_SHARE : RIVAL_LEAST_SHARE;
    return other.matched >= Math.max(2, share * best.matched) && odds(best, other) < ODDS;
  });
  const [rival] = rivals;
  if (rival !== undefined) {
    const several = unknown('several', rival);
    // Had nothing been lost, the right offset would leave no frame alone.
    const isLossCertain =
      [best, ...rivals].every(({ unmatched }) => unmatched > 0) && isMostlyShared(best.line, here, there);
    return isLossCertain ? fitOf(common, best, alive, several) : several;
  }
  const tries = Math.round(far / TRY_NS);
  if (best.matched < TRIED && tries >= 1 && tries <= MOST_TRIES && Math.abs(far - tries * TRY_NS) < TRY_JITTER_NS)
    return unknown('repeats');
  return fitOf(common, best, alive);
}

/** All lines worth a look, the most likely one first. */
function scores(common: readonly Common[], alive: (line: ClockLine) => Alive): Score[] {
  return clockCandidates(common)
    .map((line) => refined(common, line, alive))
    .sort((a, b) => worth(b) - worth(a));
}

/**
 * Logarithm of how likely a line makes the frames, but for what is the same for all lines. A frame that has a partner
 * is worth more than one that was lost costs.
 */
function worth({ matched, unmatched, spreadNs }: Score): number {
  return matched * (4 + Math.log(FINE_NS / spreadNs)) - PER_LOSS * unmatched;
}

/**
 * Logarithm of the odds of one line against another one: by frames that must have been lost, and by how closely copies
 * lie. Had the other one been right, what the first brings together would be repeats, which jitter as the other one's
 * do.
 */
function odds(best: Score, other: Score): number {
  const isCloser = other.spreadNs >= 2 * best.spreadNs;
  const closeness = isCloser ? Math.max(0, best.matched - 2) * Math.log(other.spreadNs / best.spreadNs) : 0;
  return PER_LOSS * (other.unmatched - best.unmatched) + closeness;
}

/**
 * Whether chance does not bring as many frames together, at any of the offsets and drifts that were tried; where clocks
 * stand, only few are tried.
 */
function isSignificant(
  { matched, line }: Score,
  common: readonly Common[],
  here: Samples,
  there: Samples,
  isStanding: boolean,
): boolean {
  const spanNs = Math.max(FINE_NS, here.toNs - here.fromNs + there.toNs - there.fromNs);
  const pairs = common.reduce((sum, entry) => sum + entry.here.length * entry.there.length, 0);
  const expected = (pairs * 2 * FINE_NS) / spanNs;
  if (expected >= matched) return false;
  const { fromNs, toNs } = aliveUnder(line, here, there);
  const offsets = (isStanding ? Math.min(spanNs, 2 * PAIRING.pairNs) : spanNs) / FINE_NS;
  const drifts = 1 + (2 * SEARCHED_DRIFT * Math.max(0, toNs - fromNs)) / FINE_NS;
  // Poisson's tail, by its first term.
  return matched * Math.log(expected) - expected - logFactorial(matched) + Math.log(offsets * drifts) <= CHANCE;
}

function logFactorial(n: number): number {
  return n < 2 ? 0 : n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n);
}

/**
 * Whether no other offset leaves fewer frames without a partner than the clocks as they stand, taken to be right within
 * what they are trusted.
 */
function isPlausible(
  common: readonly Common[],
  standingNs: number,
  alive: (line: ClockLine) => Alive,
  best: Score | undefined,
): boolean {
  const line = { offsetNs: standingNs, drift: 0, atNs: 0 };
  const { matched, unmatched } = scoreOf(common, line, alive(line), PAIRING.assumedNs);
  return matched > 0 && (best === undefined || best.matched < 2 || unmatched <= best.unmatched);
}

/** Captures are taken at the same time: an offset under which they hardly were is not to be believed easily. */
const SHARED = 0.8;

function isMostlyShared(line: ClockLine, here: Samples, there: Samples): boolean {
  const { fromNs, toNs } = aliveUnder(line, here, there);
  return toNs - fromNs >= SHARED * Math.min(here.toNs - here.fromNs, there.toNs - there.fromNs);
}

function fitOf(
  common: readonly Common[],
  { line, matched }: Score,
  alive: (line: ClockLine) => Alive,
  rivals: Unknown | null = null,
): Estimate {
  const fit = sober(common, line, alive(line));
  const { spreadNs } = scoreOf(common, fit, alive(fit), FINE_NS);
  return { type: 'fit', fit: { ...fit, errorNs: Math.ceil(spreadNs), support: matched }, rivals };
}

function offsetAt({ offsetNs, drift, atNs }: ClockLine, at: number): number {
  return offsetNs + drift * (at - atNs);
}

function middleOf({ fromNs, toNs }: Alive): number {
  return (fromNs + toNs) / 2;
}
