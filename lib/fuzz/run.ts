import { dice } from '../dice.js';
import { macNumber } from '../judge/read/macs.js';
import type { Judgement } from '../judge/types.js';
import { createCaptureParser } from '../pcap/parser.js';
import { ProfileError } from '../profile/error.js';
import { compareReaders } from '../production/testing/bothReaders.js';
import { compareMatchers } from '../production/testing/bothMatchers.js';
import { parseProfile } from '../profile/parse.js';
import { fuzzBundle } from './bundle.js';
import { corpus, CORPUS_HOST, type Pair } from './corpus.js';
import { fuzzJournal } from './journal.js';
import { mutate } from './mutate.js';

/** An input that broke a promise. */
export interface FuzzFailure {
  /** Makes the same input again: `--seed N --count 1`, and the same `--only`. */
  readonly seed: number;
  readonly what: string;
}

export interface FuzzResult {
  readonly inputs: number;
  /** How often each verdict was given, and how many profiles were refused, and so on. */
  readonly seen: Readonly<Record<string, number>>;
  readonly slowestMs: number;
  readonly failures: readonly FuzzFailure[];
}

export interface FuzzOptions {
  readonly count: number;
  /** Of the first input; the next ones count up. */
  readonly seed: number;
  /** Only inputs of this sort; absent = a mix, most of it captures. */
  readonly only?: Sort;
  readonly progress?: (done: number) => void;
}

/** Sorts of inputs. */
export const SORTS = ['captures', 'profiles', 'journals', 'bundles'] as const;
export type Sort = (typeof SORTS)[number];

/** @param which from 0 to 1 */
const sortAt = (which: number): Sort =>
  which < 0.1 ? 'profiles' : which < 0.2 ? 'journals' : which < 0.3 ? 'bundles' : 'captures';

/** An input that takes longer hangs, ms. */
const HANG_MS = 20_000;
const MOST_FAILURES = 20;
/** Small rings: inputs are small, and there are many. */
const RING = 0x400;

const PROFILE = `name: ours
title: Our replicator
source: its manual
duties:
  rs: replicated
  arp-reply-unicast: {untagged: replicated, tagged: single}
deadLegMustBeSilent: true
maxSkewNs: 5000000
`;

/**
 * Feeds broken inputs to the judge of captures and to the reader of profiles. Promises: nothing but the typed error is
 * thrown, nothing hangs, damage that the reader saw is in the judgement, a damaged capture never passes, and the compiled
 * reader records what the other one does. And to the reader of the journal of faults: journal.ts; and of bundles: bundle.ts.
 */
export function runFuzz({ count, seed, only, progress }: FuzzOptions): FuzzResult {
  const pairs = corpus();
  const seen: Record<string, number> = {};
  const failures: FuzzFailure[] = [];
  let slowestMs = 0;
  const fuzzOne: Readonly<Record<Sort, (random: () => number) => string>> = {
    captures: (random) => fuzzCaptures(pairs, random),
    profiles: fuzzProfile,
    journals: fuzzJournal,
    bundles: fuzzBundle,
  };
  for (let i = 0; i < count && failures.length < MOST_FAILURES; i++) {
    const random = dice(seed + i);
    const started = performance.now();
    try {
      const outcome = fuzzOne[only ?? sortAt(random())](random);
      seen[outcome] = (seen[outcome] ?? 0) + 1;
    } catch (error) {
      failures.push({ seed: seed + i, what: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
    const ms = performance.now() - started;
    slowestMs = Math.max(slowestMs, ms);
    if (ms > HANG_MS) failures.push({ seed: seed + i, what: `took ${Math.round(ms)} ms` });
    if (i % 1_000 === 999) progress?.(i + 1);
  }
  return { inputs: count, seen, slowestMs, failures };
}

function fuzzProfile(random: () => number): string {
  const bytes = mutate(new TextEncoder().encode(PROFILE), random);
  try {
    parseProfile(new TextDecoder().decode(bytes), 'ours.yaml');
    return 'profile taken';
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    if (!/^ours\.yaml:\d+:\d+: /.test(error.message))
      throw new Error(`no place in "${error.message}"`, { cause: error });
    return 'profile refused';
  }
}

function fuzzCaptures(pairs: readonly Pair[], random: () => number): string {
  const pair = pairs[Math.floor(random() * pairs.length)] ?? pairs[0];
  if (pair === undefined) throw new Error('no captures to break');
  const victim = random() < 0.5 ? 0 : 1;
  const broken =
    random() < 0.05
      ? Uint8Array.from({ length: Math.floor(random() * 400) }, () => Math.floor(random() * 256))
      : mutate(pair.files[victim], random);
  const files = victim === 0 ? [broken, pair.files[1]] : [pair.files[0], broken];
  const judgement = judgeBytes(files, random);
  const { difference } = compareReaders({
    files: [broken],
    interest: { hosts: [macNumber(CORPUS_HOST)], isAuto: random() < 0.3, leaves: [] },
    chunks: random() < 0.3 ? [97] : [0x10000],
  });
  if (difference !== null) throw new Error(`the compiled reader differs: ${difference}`);
  const damage = damageOf(broken);
  const name = `leaf-${victim === 0 ? 'a' : 'b'}`;
  const certificate = judgement.certificates[name];
  if (certificate === undefined) throw new Error('a capture without certificate');
  if (damage !== null) {
    if (certificate.valid || judgement.verdict === 'pass') throw new Error(`damage is ignored: ${damage}`);
    if (!certificate.problems.some((problem) => problem.includes(damage)))
      throw new Error(`damage is not told: ${damage}, but ${certificate.problems.join('; ')}`);
    if ((judgement.byLeaf[name]?.missing ?? 0) > 0) throw new Error('a damaged capture misses frames');
  }
  if (judgement.verdict === 'pass' && judgement.totals.probes + judgement.totals.dataFrames === 0)
    throw new Error('a pass without frames');
  // Must be JSON as a whole: no NaN, no bigint.
  if (/NaN|Infinity|null,"error/.test(JSON.stringify(judgement))) throw new Error('a number that is none');
  return judgement.verdict;
}

function judgeBytes(files: readonly Uint8Array[], random: () => number): Judgement {
  const isAuto = random() < 0.3;
  const { judgement, difference } = compareMatchers(files, {
    hosts: isAuto ? [] : [CORPUS_HOST],
    gateways: random() < 0.3 ? ['02:00:00:0f:00:01'] : [],
    pieceBytes: random() < 0.3 ? 97 : 1 << 16,
    isSharedClock: random() < 0.3,
    ring: RING,
  });
  if (difference !== null) throw new Error(`the compiled matcher differs: ${difference}`);
  return judgement;
}

/** `byte N: why`, as the reader alone tells it. */
function damageOf(bytes: Uint8Array): string | null {
  const parser = createCaptureParser({ frame: () => undefined });
  parser.push(bytes);
  const { damage } = parser.end();
  return damage === null ? null : `at byte ${damage.offset}: ${damage.message}`;
}
