import { UNKNOWN_COMMIT } from '../run/inputs.js';
import type { Night, NightTest } from './night.js';

/** One test in one night. */
export interface Seen {
  readonly night: Night;
  readonly test: NightTest;
}

/** The nights in which a test was, the last first. */
export function pastOf(test: string, nights: readonly Night[]): readonly Seen[] {
  return nights
    .flatMap((night) => {
      const own = Object.hasOwn(night.tests, test) ? night.tests[test] : undefined;
      return own === undefined ? [] : [{ night, test: own }];
    })
    .reverse();
}

/** Whether something is claimed of the replicator, right or wrong. */
export function isJudged({ verdict }: NightTest): boolean {
  return verdict === 'pass' || verdict === 'fail';
}

/**
 * All inputs of a night as one text, to be compared; null where its code is unknown, so that equal inputs cannot be
 * told.
 */
export function inputsKey({ inputs }: Night): string | null {
  const { commit = UNKNOWN_COMMIT } = inputs;
  if (commit === UNKNOWN_COMMIT) return null;
  return JSON.stringify(Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `kernel: 6.1 -> 6.12` for each input that differs. */
export function changedInputs(from: Night, to: Night): readonly string[] {
  const names = [...new Set([...Object.keys(from.inputs), ...Object.keys(to.inputs)])].sort();
  return names.flatMap((name) => {
    const [before = 'none', after = 'none'] = [from.inputs[name], to.inputs[name]];
    return before === after ? [] : [`${name}: ${short(before)} -> ${short(after)}`];
  });
}

/** Commits and digests in the length that people use; other values whole. */
function short(value: string): string {
  return value.replaceAll(/\b([0-9a-f]{12})(?:[0-9a-f]{28}|[0-9a-f]{52})\b/g, '$1');
}

/** `run R (2026-11-28)` */
export function runText({ run, at }: Night): string {
  return `run ${run} (${at.slice(0, 10)})`;
}

/** Since when a test has had this finding without a break, the present night included. */
export function ageOf(signature: string, past: readonly Seen[], now: Night): string {
  const end = past.findIndex(({ test }) => !test.signatures.includes(signature));
  const streak = end === -1 ? past : past.slice(0, end);
  const first = streak.at(-1);
  return first === undefined
    ? 'since this night'
    : `since ${runText(first.night)}, ${streak.length + 1} runs and ${days(first.night, now)} days`;
}

function days(from: Night, to: Night): number {
  return Math.round((Date.parse(to.at) - Date.parse(from.at)) / 86_400_000);
}

/** When it last passed, and what has changed since; for the end of a sentence. */
export function lastPass(past: readonly Seen[], now: Night): string {
  const passed = past.find(({ test }) => test.verdict === 'pass');
  if (passed === undefined) return 'It never passed in this history.';
  const changed = changedInputs(passed.night, now);
  const what = changed.length === 0 ? 'no recorded input has changed since' : `changed since: ${changed.join('; ')}`;
  return `It last passed in ${runText(passed.night)}; ${what}.`;
}
