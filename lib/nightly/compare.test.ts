import { expect, test } from '@playwright/test';
import { nightExit } from '../cli/nightOfRun.js';
import { compareNight } from './compare.js';
import type { KnownEntry } from './known.js';
import type { Night, NightTest } from './night.js';
import { nightText } from './text.js';
import { ARP, entry, failed, MISSING, ND, night, PASSED } from './testing/nights.js';

const TODAY = '2026-11-20';

/** What is said, and the exit code. */
function told(nights: readonly Night[], now: Night, known: readonly KnownEntry[] = [], today = TODAY) {
  const comparison = compareNight({ nights, night: now, known, place: 'rack-12', today });
  return {
    exit: nightExit(now, comparison),
    words: comparison.items.map(({ word, test: name }) => `${word}: ${name}`),
    text: nightText(now, comparison),
  };
}

const same = { commit: 'a'.repeat(40), kernel: '6.12' };
const clean = (days: number, tests: Readonly<Record<string, NightTest>> = { [ARP]: PASSED, [ND]: PASSED }) =>
  Array.from({ length: days }, (_, i) => night(i + 1, tests));

test('the first night says that there was no history', () => {
  const { exit, words, text } = told([], night(1, { [ARP]: PASSED }));
  expect({ exit, words }).toEqual({ exit: 0, words: [] });
  expect(text).toContain('No night of this history came before this one.');
});

test('a new failure says when it last passed and which inputs changed since', () => {
  const before = night(1, { [ARP]: PASSED }, { commit: 'a'.repeat(40), 'NIC firmware': '22.40' });
  const now = night(2, { [ARP]: failed(MISSING) }, { commit: 'a'.repeat(40), 'NIC firmware': '22.41' });
  const { exit, words, text } = told([before], now);
  expect({ exit, words }).toEqual({ exit: 1, words: [`new failure: ${ARP}`] });
  expect(text).toContain(
    `It fails: ${MISSING} (since this night). It last passed in run 20261101-020000-1 (2026-11-01); changed since: NIC firmware: 22.40 -> 22.41.`,
  );
});

test('a failure is known by its test and its finding, with its age; at another binding it is not', () => {
  const nights = [night(1, { [ARP]: PASSED }), night(2, { [ARP]: failed(MISSING) })];
  const now = night(3, { [ARP]: failed(MISSING) });
  const known = told(nights, now, [entry({ binding: 'rack-12' })]);
  expect(known.exit).toBe(0);
  expect(known.words).toEqual([`known: ${ARP}`]);
  expect(known.text).toContain(
    `${MISSING}, since run 20261102-020000-1 (2026-11-02), 2 runs and 1 days: https://tracker.example/123, of neigh-team, until 2026-11-30.`,
  );
  expect(told(nights, now, [entry({ binding: 'rack-13' })]).exit).toBe(1);
  expect(told(nights, now, [entry({ since: '2026-11-25' })]).exit).toBe(1);
});

test('the same test failing for another reason is a new failure, whatever is known of it', () => {
  const now = night(3, { [ARP]: failed('P1.missing@leaf-a:arp-reply-unicast', MISSING) });
  const { exit, words, text } = told([night(2, { [ARP]: failed(MISSING) })], now, [entry()]);
  expect(exit).toBe(1);
  expect(words).toEqual([`new failure: ${ARP}`, `known: ${ARP}`]);
  expect(text).toContain('It fails: P1.missing@leaf-a:arp-reply-unicast (since this night). It never passed');
});

test('an entry that is over names its owner and fails the night; its last day still counts', () => {
  const nights = [night(1, { [ARP]: failed(MISSING) })];
  const now = night(2, { [ARP]: failed(MISSING) });
  expect(told(nights, now, [entry()], '2026-11-30').exit).toBe(0);
  const { exit, words, text } = told(nights, now, [entry()], '2026-12-01');
  expect({ exit, words }).toEqual({ exit: 1, words: [`expired: ${ARP}`] });
  expect(text).toContain('until 2026-11-30, which is over. neigh-team owns it.');
});

test('a failure that is gone with other inputs is fixed', () => {
  const { exit, words, text } = told([night(1, { [ARP]: failed(MISSING) })], night(2, { [ARP]: PASSED }), [entry()]);
  expect({ exit, words }).toEqual({ exit: 0, words: [`fixed: ${ARP}`] });
  expect(text).toContain(`It passes; in run 20261101-020000-1 (2026-11-01) it failed: ${MISSING}.`);
});

test('another verdict with equal inputs is a flake, until an entry of kind flake says so', () => {
  const nights = [night(1, { [ARP]: failed(MISSING) }, same)];
  const now = night(2, { [ARP]: PASSED }, same);
  const { exit, words, text } = told(nights, now, [entry()]);
  expect({ exit, words }).toEqual({ exit: 1, words: [`flaky: ${ARP}`] });
  expect(text).toContain(`1 of 2 runs with equal inputs failed: ${MISSING}.`);
  expect(told(nights, now, [entry({ kind: 'flake' })]).exit).toBe(0);
  expect(told(nights, now, [entry({ kind: 'flake' })], '2026-12-01').words).toEqual([`expired: ${ARP}`]);
  // A second try that passes does not take back the first.
  expect(told([...nights, now], night(3, { [ARP]: PASSED })).words).toEqual([`flaky: ${ARP}`]);
});

test('a night that could not be judged is no half of a flake', () => {
  const unsure: NightTest = { ...PASSED, verdict: 'inconclusive', signatures: ['validity.drops@leaf-a'] };
  expect(told([night(1, { [ARP]: failed(MISSING) }, same)], night(2, { [ARP]: unsure }, same)).words).toEqual([
    `no longer judged: ${ARP}`,
  ]);
});

test('where the commit is unknown nothing is called a flake, and that is said', () => {
  const { exit, words, text } = told([night(1, { [ARP]: failed(MISSING) }, {})], night(2, { [ARP]: PASSED }, {}));
  expect({ exit, words }).toEqual({ exit: 0, words: [`fixed: ${ARP}`] });
  expect(text).toContain('The commit is unknown');
});

test('a test that was deleted has vanished, on each night until an entry says so', () => {
  const nights = [...clean(2), night(3, { [ARP]: PASSED })];
  const now = night(4, { [ARP]: PASSED });
  const { exit, words, text } = told(nights, now);
  expect({ exit, words }).toEqual({ exit: 1, words: [`vanished: ${ND}`] });
  expect(text).toContain('It is not in this run; in run 20261102-020000-1 (2026-11-02) it was pass.');
  const gone = entry({ test: ND, kind: 'vanished', signature: undefined });
  expect(told(nights, now, [gone]).exit).toBe(0);
  expect(told(nights, now, [gone], '2026-12-01')).toMatchObject({ exit: 1, words: [`expired: ${ND}`] });
});

test('a test that was planned and never ran has vanished, too', () => {
  const lost: NightTest = { ...PASSED, verdict: 'blocked', signatures: ['not-run: it never ran'] };
  expect(told(clean(1), night(2, { [ARP]: PASSED, [ND]: lost }))).toMatchObject({
    exit: 1,
    words: [`vanished: ${ND}`],
  });
});

test('a run that was asked for something else makes nothing vanish, and says what it leaves out', () => {
  const { exit, text } = told(clean(1), { ...night(2, { [ARP]: PASSED }), plan: 'sha256:other' });
  expect(exit).toBe(0);
  expect(text).toContain('nothing can vanish. 1 tests of run 20261101-020000-1 (2026-11-01) are not in it.');
});

test('what is not judged any more fails the night: inconclusive, skipped, or a pass that says less', () => {
  const unsure: NightTest = { ...PASSED, verdict: 'inconclusive', signatures: ['validity.drops@leaf-a'] };
  const skipped: NightTest = { ...PASSED, verdict: 'skipped' };
  const less: NightTest = { ...PASSED, notJudged: ['P4@leaf-b'] };
  for (const now of [unsure, skipped, less])
    expect(told(clean(1), night(2, { [ARP]: now, [ND]: PASSED }))).toMatchObject({
      exit: 1,
      words: [`no longer judged: ${ARP}`],
    });
  expect(told([], night(1, { [ARP]: unsure, [ND]: PASSED })).words).toEqual([`never judged: ${ARP}`]);
  // Not only on the first night.
  expect(told([night(1, { [ARP]: unsure })], night(2, { [ARP]: unsure, [ND]: PASSED })).exit).toBe(1);
  const skip = entry({ kind: 'skip', signature: undefined });
  expect(told(clean(1), night(2, { [ARP]: skipped, [ND]: PASSED }), [skip]).exit).toBe(0);
  const claim = entry({ signature: 'not-judged.P4@leaf-b' });
  expect(told(clean(1), night(2, { [ARP]: less, [ND]: PASSED }), [claim]).exit).toBe(0);
});

test('a night in which nothing was judged is never clean', () => {
  const skipped: NightTest = { ...PASSED, verdict: 'skipped' };
  expect(told([], { ...night(1, { [ARP]: skipped }), verdict: 'skipped' }).exit).toBe(4);
  // The run as a whole, a control and a proof are no verdict on the replicator.
  expect(told([], night(1, { 'the run as a whole': PASSED, 'mutant off is caught': PASSED })).exit).toBe(3);
});

test('a test that is younger than the history is on probation; what was there from the first is not', () => {
  const before = [night(1, { [ARP]: PASSED }), night(2, { [ARP]: PASSED, [ND]: PASSED })];
  const { exit, words, text } = told(before, night(3, { [ARP]: PASSED, [ND]: failed(MISSING) }));
  expect({ exit, words }).toEqual({ exit: 0, words: [`on probation: ${ND}`] });
  expect(text).toContain('has 1 of 15 clean runs');
  expect(told([], night(1, { [ARP]: failed(MISSING) })).exit).toBe(1);
  const grown = [night(1, { [ARP]: PASSED }), ...clean(16).slice(1)];
  expect(told(grown, night(17, { [ARP]: PASSED, [ND]: failed(MISSING) })).words).toEqual([`new failure: ${ND}`]);
});

test('a new control that is missed counts from the first night', () => {
  const control = 'mutant off is caught';
  const missed = failed('control.survived');
  expect(told(clean(2), night(3, { [ARP]: PASSED, [ND]: PASSED, [control]: missed })).exit).toBe(1);
});

test('an entry that ten runs did not need is idle', () => {
  const [text, words] = [told(clean(9), night(10, { [ARP]: PASSED, [ND]: PASSED }), [entry()])].flatMap((all) => [
    all.text,
    all.words,
  ]);
  expect(words).toEqual([`idle entry: ${ARP}`]);
  expect(text).toContain('was not needed in the last 10 runs: remove it.');
  expect(told(clean(8), night(9, { [ARP]: PASSED, [ND]: PASSED }), [entry()]).words).toEqual([]);
  // One of the last ten needed it.
  const needed = clean(10).map((one, i) =>
    i === 1 ? { ...one, tests: { ...one.tests, [ARP]: failed(MISSING) } } : one,
  );
  expect(told(needed, night(11, { [ARP]: PASSED, [ND]: PASSED }), [entry()]).words).toEqual([]);
  const later = [...needed, night(11, { [ARP]: PASSED, [ND]: PASSED })];
  expect(told(later, night(12, { [ARP]: PASSED, [ND]: PASSED }), [entry()]).words).toEqual([`idle entry: ${ARP}`]);
});

test('an entry for what is skipped or gone is needed for as long as it is', () => {
  const skipped: NightTest = { ...PASSED, verdict: 'skipped' };
  const before = clean(1);
  const later = (tests: Readonly<Record<string, NightTest>>) =>
    Array.from({ length: 11 }, (_, i) => night(i + 2, tests));
  const skip = entry({ kind: 'skip', signature: undefined });
  const all = { [ARP]: skipped, [ND]: PASSED };
  expect(told([...before, ...later(all)], night(13, all), [skip]).words).toEqual([`known: ${ARP}`]);
  const gone = entry({ test: ND, kind: 'vanished', signature: undefined });
  const rest = { [ARP]: PASSED };
  expect(told([...before, ...later(rest)], night(13, rest), [gone]).words).toEqual([`known: ${ND}`]);
  // Both are back.
  const back = { [ARP]: PASSED, [ND]: PASSED };
  expect(told([...before, ...later(back)], night(13, back), [skip, gone]).words).toEqual([
    `idle entry: ${ARP}`,
    `idle entry: ${ND}`,
  ]);
});

test('a pass that takes much longer than usual is noted', () => {
  const now = night(7, { [ARP]: { ...PASSED, ms: 1_700 }, [ND]: PASSED });
  expect(told(clean(6), now)).toMatchObject({ exit: 0, words: [`slower: ${ARP}`] });
  // Four say nothing about the usual time.
  expect(told(clean(4), now).words).toEqual([]);
  expect(told(clean(6), night(7, { [ARP]: { ...PASSED, ms: 1_600 }, [ND]: PASSED })).words).toEqual([]);
});
