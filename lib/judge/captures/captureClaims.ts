import { copiesIn } from '../read/sightingBits.js';
import type { Pattern } from '../rules/pattern.js';
import { some } from '../tell/phrasing.js';
import type { Excuse } from '../vantage/carried.js';
import {
  carries,
  DEMANDED,
  excuses,
  isOnTheWire,
  reasonOf,
  UNDECLARED,
  type ClaimName,
  type Vantage,
} from '../vantage/vantages.js';
import type { Altered } from './alike.js';
import type { Example } from './contentTally.js';
import type { Policed } from './policer.js';

/** What is said of captures beside their frames. */
export interface Declared {
  /** By leaf; a leaf of which nothing is said is absent. */
  readonly vantages: ReadonlyMap<string, Vantage>;
  /** What a pass must stand for; null = nothing was asked for, and the usual is. */
  readonly demanded: readonly ClaimName[] | null;
}

export const NO_GATEWAY = 'no --gateway was named';

export const NOTHING_DECLARED: Declared = { vantages: new Map(), demanded: null };

export interface ClaimInput {
  readonly leaves: readonly string[];
  readonly demanded: Declared['demanded'];
  /** By leaf, see `vantagesOf`. */
  readonly vantages: readonly Vantage[];
  /** Patterns of the hosts, and some of the frames behind them. */
  readonly patterns: readonly Pattern[];
  readonly examples: readonly Example[];
  /** By leaf: frames that came once more, some milliseconds later, where nearly all did. */
  readonly second: readonly number[];
  /** What captures show otherwise than others, and what is left out of the comparison. */
  readonly altered: readonly Altered[];
  /** Leaves that lack frames as a policer drops them, where nothing refutes it. */
  readonly policed: readonly (Policed | null)[];
  readonly isTagless: boolean;
  /** Leaves whose captures hold frames of the hosts with tags. */
  readonly showsTags: readonly boolean[];
  readonly isClockDoubtful: boolean;
  readonly seeksReflections: boolean;
}

/** What can be claimed, leaf by leaf. */
export interface Claims {
  readonly vantages: readonly Vantage[];
  readonly demanded: readonly ClaimName[];
  /** Somebody, or the captures themselves, said something that takes claims away, or asked for some. */
  readonly isSaid: boolean;
  /** Why a claim is not judged on a leaf; null = it is. */
  whyNot(leaf: number, claim: ClaimName): string | null;
  readonly excuse: Excuse;
}

/** By what was declared, and by what the frames themselves show. */
export function claimsOf(input: ClaimInput): Claims {
  const { leaves, vantages, patterns, altered, policed, isTagless, isClockDoubtful, showsTags } = input;
  const doubled = vantages.map((vantage, leaf) => (vantage.name === null ? doubledOn(input, leaf) : null));
  const hasData = patterns.some(({ owed }) => owed === 'single');
  /** What the frames show themselves. */
  const seenToBe = (leaf: number, claim: ClaimName): string | null => {
    const twice = doubled[leaf] ?? null;
    if (claim === 'once' && twice !== null)
      return `${twice.count === twice.of ? 'each' : twice.count} of ${some(twice.of, 'neighbor frame')} came there twice, and not at once: so it is where a switch both traps and floods them, and so it is behind a replicator that sends two; --vantage ${leaves[leaf] ?? ''}=trap or =port tells`;
    const policer = policed[leaf] ?? null;
    if (claim === 'missing' && policer !== null) return policedText(policer, leaves[leaf] ?? '');
    return null;
  };
  return {
    vantages,
    demanded: input.demanded ?? DEMANDED,
    isSaid:
      input.demanded !== null ||
      vantages.some(({ name, losses }) => name !== null || losses !== null) ||
      doubled.some((twice) => twice !== null) ||
      policed.some((policer) => policer !== null) ||
      altered.length > 0,
    whyNot(leaf, claim) {
      const vantage = vantages[leaf] ?? UNDECLARED;
      if (!carries(vantage, claim, showsTags[leaf] === true)) return reasonOf(vantage, claim);
      const seen = seenToBe(leaf, claim);
      if (seen !== null) return seen;
      // Of frames that are compared without tags, no leaf's tags are judged.
      const of = altered.find(({ what, leaf: at }) => what === claim && (what === 'tags' || at === leaf));
      if (of !== undefined) return of.text;
      if (claim === 'tags' && isTagless) return 'a capture holds no tags';
      if (claim === 'skew' && isClockDoubtful) return 'the clocks are not known';
      if (claim === 'data' && !hasData) return 'no data frame is on any capture';
      return claim === 'reflection' && !input.seeksReflections ? NO_GATEWAY : null;
    },
    excuse: (leaf, claim) =>
      excuses(vantages[leaf] ?? UNDECLARED, claim, showsTags[leaf] === true) || seenToBe(leaf, claim) !== null,
  };
}

function policedText({ missing, offered, rate, burst }: Policed, leaf: string): string {
  return `${missing} of ${some(offered, 'neighbor frame')} ${missing === 1 ? 'is' : 'are'} missing there just as a policer drops frames that lets about ${Math.round(rate)} a second through and ${burst} at once; a replicator that happens to lose these looks the same: if the loss counters stood still, say --losses ${leaf}=0`;
}

/** By leaf: what was said of each capture, and what it says itself. */
export function vantagesOf(
  leaves: readonly string[],
  said: Declared['vantages'],
  own: readonly Vantage[],
): readonly Vantage[] {
  return leaves.map((leaf, at) => together(said.get(leaf), own[at]));
}

/** What was said of a capture and what it says itself: the one takes away no less than the other. */
function together(said: Vantage = UNDECLARED, own: Vantage = UNDECLARED): Vantage {
  const name = said.name === null || (isOnTheWire(said) && own.name !== null) ? own.name : said.name;
  return { name, losses: said.losses ?? own.losses };
}

/** Of fewer frames the first copies may have been doubled by chance. */
const LEAST_DOUBLED = 10;
/** Of the frames that a leaf saw: a queue may drop a few second copies. */
const DOUBLED_SHARE = 0.9;
/** What sends two copies at once sends them closer together; a CPU takes longer, ns. */
const AT_ONCE_NS = 100_000;

interface Doubled {
  readonly count: number;
  readonly of: number;
}

/** Neighbor frames of a leaf that saw nearly each twice and not at once, where no other leaf did; else null. */
function doubledOn({ patterns, examples, second }: ClaimInput, leaf: number): Doubled | null {
  const later = second[leaf] ?? 0;
  let [count, of, isOther] = [later, 0, false];
  for (const { owed, words, weight } of patterns) {
    if (owed !== 'replicated') continue;
    const copies = copiesIn(words[leaf] ?? 0);
    if (copies === 2) count += weight;
    if (copies > 0) of += weight;
    isOther ||= copies > 2 || words.some((word, at) => at !== leaf && copiesIn(word) > 1);
  }
  // What was taken for second copies is not judged otherwise.
  if (later > 0) return { count, of };
  if (isOther || count < LEAST_DOUBLED || count < DOUBLED_SHARE * of) return null;
  const gaps = examples
    .flatMap(({ seen: { extra, times } }) =>
      extra.flatMap((copy) => (copy.leaf === leaf ? [Math.abs(copy.ns - (times[leaf] ?? 0))] : [])),
    )
    .sort((a, b) => a - b);
  return (gaps[Math.floor(gaps.length / 2)] ?? 0) < AT_ONCE_NS ? null : { count, of };
}
