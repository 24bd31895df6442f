import { entryText, type Excuses } from './excuses.js';
import type { KnownEntry } from './known.js';
import type { Night, NightTest } from './night.js';
import { ageOf, inputsKey, isJudged, lastPass, pastOf, runText, type Seen } from './past.js';
import { NOT_RUN } from './signatures.js';
import { CLEAN_RUNS, LOOK_BACK, type Item, type Word } from './words.js';

/** Fewer durations say nothing about the usual one. */
const DURATIONS_MIN = 5;

/** What there is to compare one test of a night with. */
export interface Against {
  /** Earlier nights, the oldest first. */
  readonly nights: readonly Night[];
  readonly night: Night;
  readonly excuses: Excuses;
}

/** All that is to be said of a test that is in the night. */
export function compareTest(name: string, now: NightTest, against: Against): readonly Item[] {
  const past = pastOf(name, against.nights);
  const moved = flake(name, against);
  if (now.verdict === 'skipped') return [...skipped(name, past, against), ...moved];
  if (now.verdict === 'pass')
    return [
      ...narrowed(name, now, past, against),
      ...(moved.length > 0 ? moved : fixed(name, past)),
      ...slower(name, now, past),
    ];
  const problems = isProbationer(name, past, against) ? probation(name, now, past) : wrong(name, now, past, against);
  // A flake that is known says nothing that its failure has not said.
  return [...problems, ...moved.filter(({ word }) => word !== 'known')];
}

const item = (word: Word, test: string, gates: boolean, sentence: string): Item => ({ word, test, gates, sentence });

function expiredItem(test: string, what: string, { issue, owner, until }: KnownEntry): Item {
  return item('expired', test, true, `${what}: known as ${issue} until ${until}, which is over. ${owner} owns it.`);
}

/** It failed, or could not be judged. */
function wrong(name: string, now: NightTest, past: readonly Seen[], { night, excuses }: Against): readonly Item[] {
  const { covered, expired, open } = excuses.of(name, now.signatures, ['failure', 'flake']);
  return [
    ...(open.length === 0 ? [] : [uncovered(name, now, open, past, night)]),
    ...expired.map(({ signature, entry }) => expiredItem(name, signature, entry)),
    ...covered.map(({ signature, entry }) =>
      item('known', name, false, `${signature}, ${ageOf(signature, past, night)}: ${entryText(entry)}.`),
    ),
  ];
}

function uncovered(name: string, now: NightTest, open: readonly string[], past: readonly Seen[], night: Night): Item {
  const found = open.map((signature) => `${signature} (${ageOf(signature, past, night)})`).join(', ');
  if (now.verdict === 'fail') return item('new failure', name, true, `It fails: ${found}. ${lastPass(past, night)}`);
  const judged = past.find(({ test }) => isJudged(test));
  if (judged === undefined)
    return item('never judged', name, true, `It is ${now.verdict}: ${found}. It was never judged in this history.`);
  const word = open.every((signature) => signature.startsWith(NOT_RUN)) ? 'vanished' : 'no longer judged';
  return item(
    word,
    name,
    true,
    `It is ${now.verdict}: ${found}. It was last judged in ${runText(judged.night)}: ${judged.test.verdict}.`,
  );
}

/** A test that is younger than the history, and was not clean often enough yet. Controls and proofs are never on probation. */
function isProbationer(name: string, past: readonly Seen[], { nights }: Against): boolean {
  const [oldest] = nights;
  if (oldest === undefined || !name.endsWith(']') || Object.hasOwn(oldest.tests, name)) return false;
  return past.filter(({ test }) => test.verdict === 'pass').length < CLEAN_RUNS;
}

function probation(name: string, now: NightTest, past: readonly Seen[]): readonly Item[] {
  const clean = past.filter(({ test }) => test.verdict === 'pass').length;
  return [
    item(
      'on probation',
      name,
      false,
      `It is ${now.verdict}: ${now.signatures.join(', ')}. It is younger than this history, and has ${clean} of ${CLEAN_RUNS} clean runs.`,
    ),
  ];
}

/** Passes and failures of one test with equal inputs. */
function flake(name: string, { nights, night, excuses }: Against): readonly Item[] {
  const groups = new Map<string, Seen[]>();
  for (const seen of pastOf(name, [...nights.slice(-LOOK_BACK), night])) {
    const key = inputsKey(seen.night);
    if (key !== null && isJudged(seen.test)) groups.set(key, [...(groups.get(key) ?? []), seen]);
  }
  const moved = [...groups.values()].find((group) => new Set(group.map(({ test }) => test.verdict)).size > 1);
  if (moved === undefined) return [];
  const failed = moved.filter(({ test }) => test.verdict === 'fail');
  const signatures = [...new Set(failed.flatMap(({ test }) => test.signatures))].sort();
  const { covered, expired, open } = excuses.of(name, signatures, ['flake']);
  const what = `${failed.length} of ${moved.length} runs with equal inputs failed: ${signatures.join(', ')}`;
  if (open.length > 0)
    return [item('flaky', name, true, `${what}. Find the cause, or add an entry of kind flake to the known failures.`)];
  return expired.length > 0
    ? expired.map(({ entry }) => expiredItem(name, what, entry))
    : covered.slice(0, 1).map(({ entry }) => item('known', name, false, `${what}: ${entryText(entry)}.`));
}

function fixed(name: string, past: readonly Seen[]): readonly Item[] {
  const before = past.find(({ test }) => isJudged(test));
  if (before?.test.verdict !== 'fail') return [];
  return [
    item(
      'fixed',
      name,
      false,
      `It passes; in ${runText(before.night)} it failed: ${before.test.signatures.join(', ')}.`,
    ),
  ];
}

function skipped(name: string, past: readonly Seen[], { excuses }: Against): readonly Item[] {
  const judged = past.slice(0, LOOK_BACK).find(({ test }) => isJudged(test));
  if (judged === undefined) return [];
  const what = `It is skipped; in ${runText(judged.night)} it was judged`;
  const excuse = excuses.whole(name, 'skip');
  if (excuse === null) return [item('no longer judged', name, true, `${what}: ${judged.test.verdict}.`)];
  return excuse.isOver
    ? [expiredItem(name, what, excuse.entry)]
    : [item('known', name, false, `${what}: ${entryText(excuse.entry)}.`)];
}

/** It passes, and its pass says less than it did. */
function narrowed(name: string, now: NightTest, past: readonly Seen[], { night, excuses }: Against): readonly Item[] {
  const before = past.find(({ test }) => isJudged(test));
  if (before === undefined) return [];
  const less = now.notJudged.filter((claim) => !before.test.notJudged.includes(claim));
  const { covered, expired, open } = excuses.of(
    name,
    less.map((claim) => `not-judged.${claim}`),
    ['failure'],
  );
  return [
    ...(open.length === 0
      ? []
      : [item('no longer judged', name, true, `Its pass says less: ${open.join(', ')}. ${lastPass(past, night)}`)]),
    ...expired.map(({ signature, entry }) => expiredItem(name, signature, entry)),
    ...covered.map(({ signature, entry }) => item('known', name, false, `${signature}: ${entryText(entry)}.`)),
  ];
}

function slower(name: string, now: NightTest, past: readonly Seen[]): readonly Item[] {
  const usual = past
    .slice(0, LOOK_BACK)
    .flatMap(({ test }) => (test.verdict === 'pass' ? [test.ms] : []))
    .sort((a, b) => a - b);
  if (usual.length < DURATIONS_MIN) return [];
  const p95 = usual[Math.min(usual.length - 1, Math.ceil(usual.length * 0.95) - 1)] ?? 0;
  return p95 > 0 && now.ms > 2 * p95
    ? [item('slower', name, false, `It took ${now.ms} ms; 95 of 100 earlier runs took at most ${p95} ms.`)]
    : [];
}
