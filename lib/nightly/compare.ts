import { compareTest } from './compareTest.js';
import { entryText, excusesAt } from './excuses.js';
import { isAbout, type KnownEntry } from './known.js';
import type { Night } from './night.js';
import { inputsKey, isJudged, pastOf, runText } from './past.js';
import { IDLE_RUNS, LOOK_BACK, type Item } from './words.js';

/** A night beside those before it. */
export interface Comparison {
  readonly items: readonly Item[];
  /** Sentences about the night as a whole. */
  readonly notes: readonly string[];
  /** Whether anything in it was judged; a night without that proves nothing. */
  readonly isJudged: boolean;
}

/** What a night is compared with. */
export interface CompareInput {
  /** Earlier nights of this place, the oldest first. */
  readonly nights: readonly Night[];
  readonly night: Night;
  readonly known: readonly KnownEntry[];
  /** Name of the binding or the testbed. */
  readonly place: string;
  /** The day as `2026-11-28`, in UTC. */
  readonly today: string;
}

/** Says of each test of a night what is new about it. Pure. */
export function compareNight(input: CompareInput): Comparison {
  const { nights, night, known, place, today } = input;
  const excuses = excusesAt(known, place, today);
  const items = [
    ...Object.entries(night.tests).flatMap(([name, test]) => compareTest(name, test, { nights, night, excuses })),
    ...vanished(input),
    ...idle(input),
  ];
  // What must be looked at first.
  items.sort((a, b) => Number(b.gates) - Number(a.gates));
  return { items, notes: notesOn(input), isJudged: Object.values(night.tests).some(isReplicatorsVerdict(night)) };
}

/** The runs as a whole, controls and proofs are no verdict on the replicator. */
function isReplicatorsVerdict({ tests }: Night): (test: Night['tests'][string]) => boolean {
  const tried = new Set(Object.entries(tests).flatMap(([name, test]) => (name.endsWith(']') ? [test] : [])));
  return (test) => tried.has(test) && isJudged(test);
}

/** Nights that were asked for the same, the oldest first. */
function comparable({ nights, night }: CompareInput): readonly Night[] {
  return nights.filter(({ plan }) => plan === night.plan);
}

/** Tests that were there, and are not now. They are told until they come back, are known, or are forgotten. */
function vanished(input: CompareInput): readonly Item[] {
  const { night, nights, known, place, today } = input;
  const before = comparable(input).slice(-LOOK_BACK);
  const names = new Set(before.flatMap(({ tests }) => Object.keys(tests)));
  const excuses = excusesAt(known, place, today);
  return [...names]
    .filter((name) => !Object.hasOwn(night.tests, name))
    .map((name): Item => {
      const [last] = pastOf(name, nights);
      const what = `It is not in this run; ${last === undefined ? '' : `in ${runText(last.night)} it was ${last.test.verdict}`}`;
      const excuse = excuses.whole(name, 'vanished');
      if (excuse === null)
        return {
          word: 'vanished',
          test: name,
          gates: true,
          sentence: `${what}. If it was removed on purpose, add an entry of kind vanished to the known failures.`,
        };
      const { issue, owner, until } = excuse.entry;
      return excuse.isOver
        ? {
            word: 'expired',
            test: name,
            gates: true,
            sentence: `${what}: known as ${issue} until ${until}, which is over. ${owner} owns it.`,
          }
        : { word: 'known', test: name, gates: false, sentence: `${what}: ${entryText(excuse.entry)}.` };
    });
}

/** Entries that no run of late needed. */
function idle({ nights, night, known, place }: CompareInput): readonly Item[] {
  return known
    .filter((entry) => isAbout(entry, place))
    .flatMap((entry): Item[] => {
      const since = [...nights, night].filter(({ at }) => at.slice(0, 10) >= entry.since).slice(-IDLE_RUNS);
      if (since.length < IDLE_RUNS || since.some((one) => isNeeded(entry, one))) return [];
      return [
        {
          word: 'idle entry',
          test: entry.test,
          gates: false,
          sentence: `The entry ${entry.signature ?? entry.kind} (${entryText(entry)}) was not needed in the last ${IDLE_RUNS} runs: remove it.`,
        },
      ];
    });
}

function isNeeded({ kind, test: name, signature }: KnownEntry, { tests }: Night): boolean {
  const test = Object.hasOwn(tests, name) ? tests[name] : undefined;
  if (test === undefined) return kind === 'vanished';
  if (kind === 'skip') return test.verdict === 'skipped';
  if (kind === 'vanished' || signature === undefined) return false;
  return [...test.signatures, ...test.notJudged.map((claim) => `not-judged.${claim}`)].includes(signature);
}

function notesOn(input: CompareInput): readonly string[] {
  const { nights, night } = input;
  const last = nights.at(-1);
  if (last === undefined) return ['No night of this history came before this one.'];
  const missing = Object.keys(last.tests).filter((name) => !Object.hasOwn(night.tests, name));
  return [
    ...(comparable(input).length === 0
      ? [
          `No earlier run was asked for the same as this one: nothing can vanish. ${missing.length} tests of ${runText(last)} are not in it.`,
        ]
      : []),
    ...(inputsKey(night) === null
      ? ['The commit is unknown, so a flake cannot be told from a change of the code: run inside a git working tree.']
      : []),
  ];
}
