import { expect as base, test } from '@playwright/test';
import { aboutOf, isExpectation, matcherResult } from '../trial/expectation.js';
import { expect } from '../trial/matchers.js';
import { testTopology } from '../judge/testing/topology.js';
import type { DuplicateDetection } from '../stimulus/stacks.js';
import { dueToReturn, readDetection } from '../stimulus/stacks.js';
import { sendersOf } from '../topology/senders.js';
import { verdictOf } from './aggregate.js';
import { parseOutcome, type TrialOutcome } from './outcome.js';

const SHOWN = '2: eth0    inet6 2001:db8:20::d:a/64 scope global';

/** What an experiment is whose scenario expects this. */
function verdictAfter(expects: () => void, judged: 'pass' | 'fail' = 'pass'): string {
  let outcome: TrialOutcome['outcome'] = { type: 'held' };
  try {
    expects();
  } catch (error) {
    if (!isExpectation(error)) throw error;
    outcome = {
      type: 'not-held',
      matcher: error.matcherResult.name,
      about: aboutOf(error),
      message: error.message,
    };
  }
  return verdictOf({ outcome }, { verdict: judged, reasons: [] }).verdict;
}

/** What the scenario of duplicate address detection expects. */
function outcomeOf(found: readonly DuplicateDetection[], judged: 'pass' | 'fail' = 'pass'): string {
  return verdictAfter(() => {
    expect(found).not.toContain('duplicate');
    expect(found).toHaveFinished();
  }, judged);
}

test('an address in use passes, a duplicate fails, and one that is not decided shows nothing', () => {
  base(outcomeOf(['usable', 'usable'])).toBe('pass');
  base(outcomeOf(['usable', 'duplicate'])).toBe('fail');
  base(outcomeOf(['usable', 'tentative'])).toBe('inconclusive');
  // What was found is not hidden by what was not.
  base(outcomeOf(['tentative', 'duplicate'])).toBe('fail');
  base(outcomeOf(['tentative'], 'fail')).toBe('fail');
});

test('a silence in which switches forgot nobody shows nothing', () => {
  const topology = testTopology(2, 1, 'balance-tcp');
  const rows = sendersOf(topology).map(({ mac }) => ({ node: 'leaf-a', port: 'to-host', vlan: 0, mac }));
  base(verdictAfter(() => expect({ topology, before: rows, after: [] }).toHaveBeenSilent())).toBe('pass');
  base(verdictAfter(() => expect({ topology, before: rows, after: rows.slice(1) }).toHaveBeenSilent())).toBe(
    'inconclusive',
  );
  base(verdictAfter(() => expect({ topology, before: [], after: [] }).toHaveBeenSilent())).toBe('inconclusive');
  base(verdictAfter(() => expect({ topology, before: rows, after: rows }).toHaveBeenSilent(), 'fail')).toBe('fail');
});

/** Matchers that a user brings. */
const own = base.extend({
  toHaveSpoken: (frames: number) =>
    matcherResult({ name: 'toHaveSpoken', about: 'stimulus', problem: frames > 0 ? null : 'nobody spoke' }),
  toHaveAnswered: (answers: number) =>
    matcherResult({ name: 'toHaveAnswered', problem: answers > 0 ? null : 'nobody answered' }),
});

test("a user's own matcher says itself whether it is about stimulus or replicator", () => {
  base(verdictAfter(() => own(1).toHaveSpoken())).toBe('pass');
  base(verdictAfter(() => own(0).toHaveSpoken())).toBe('inconclusive');
  base(verdictAfter(() => own(0).toHaveAnswered())).toBe('fail');
  base(verdictAfter(() => own(0).toBe(1))).toBe('fail');
});

test('an outcome of version 0.1.0, which does not say what its matcher is about, is read as it was then', () => {
  const verdictOfOld = (matcher: string) =>
    verdictOf(parseOutcome(JSON.stringify({ outcome: { type: 'not-held', matcher, message: 'it did not' } })), {
      verdict: 'pass',
      reasons: [],
    }).verdict;
  base(['toInclude', 'toHaveFinished', 'toHaveBeenSilent'].map(verdictOfOld)).toEqual(
    Array.from({ length: 3 }, () => 'inconclusive'),
  );
  base(verdictOfOld('toReachEveryLeafOnce')).toBe('fail');
  base(parseOutcome('{"outcome":{"type":"held"}}').outcome).toEqual({ type: 'held' });
});

test('the state of an address is what the kernel says', () => {
  base(readDetection(`${SHOWN} \\       valid_lft forever`)).toBe('usable');
  base(readDetection(`${SHOWN} tentative \\       valid_lft forever`)).toBe('tentative');
  base(readDetection(`${SHOWN} dadfailed tentative \\       valid_lft forever`)).toBe('duplicate');
  base(readDetection('')).toBe('duplicate');
});

test('what could not be tried is skipped, and says for want of what', () => {
  const lacks = [{ what: 'a bridge', command: 'ip link add type bridge', output: 'Unknown device type' }];
  base(verdictOf({ outcome: { type: 'skipped', lacks } }, null)).toEqual({
    verdict: 'skipped',
    reasons: ['It cannot be tried here, without a bridge: "ip link add type bridge" said: Unknown device type'],
  });
});

test('where the host returns what a sender sends, a duplicate without a nonce is nobody else', () => {
  const nic = { returnsOwn: true };
  base(dueToReturn('duplicate', false, nic)).toBe('returned');
  base(dueToReturn('duplicate', true, nic)).toBe('duplicate');
  base(dueToReturn('usable', false, nic)).toBe('usable');
  base(dueToReturn('duplicate', false, {})).toBe('duplicate');
});
