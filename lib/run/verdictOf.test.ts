import { expect as base, test } from '@playwright/test';
import { expect, isExpectation } from '../trial/matchers.js';
import { testTopology } from '../judge/testing/topology.js';
import type { DuplicateDetection } from '../stimulus/stacks.js';
import { readDetection } from '../stimulus/stacks.js';
import { sendersOf } from '../topology/senders.js';
import { verdictOf } from './aggregate.js';
import type { ExperimentOutcome } from './outcome.js';

const SHOWN = '2: eth0    inet6 2001:db8:20::d:a/64 scope global';

/** What an experiment is whose scenario expects this. */
function verdictAfter(expects: () => void, judged: 'pass' | 'fail' = 'pass'): string {
  let outcome: ExperimentOutcome['outcome'] = { type: 'held' };
  try {
    expects();
  } catch (error) {
    if (!isExpectation(error)) throw error;
    outcome = { type: 'not-held', matcher: error.matcherResult.name, message: error.message };
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

test('the state of an address is what the kernel says', () => {
  base(readDetection(`${SHOWN} \\       valid_lft forever`)).toBe('usable');
  base(readDetection(`${SHOWN} tentative \\       valid_lft forever`)).toBe('tentative');
  base(readDetection(`${SHOWN} dadfailed tentative \\       valid_lft forever`)).toBe('duplicate');
  base(readDetection('')).toBe('duplicate');
});
