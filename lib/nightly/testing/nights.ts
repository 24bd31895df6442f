import type { KnownEntry } from '../known.js';
import type { Night, NightTest } from '../night.js';

/** A test that passed. */
export const PASSED: NightTest = { verdict: 'pass', ms: 800, signatures: [], notJudged: [] };

/** A test that failed with these findings. */
export function failed(...signatures: readonly string[]): NightTest {
  return { ...PASSED, verdict: 'fail', signatures };
}

export const ARP = 'every ARP form reaches every leaf [ovs-bond/balance-tcp]';
export const ND = 'every NS and NA form reaches every leaf [ovs-bond/balance-tcp]';
export const MISSING = 'P1.missing@leaf-b:na-solicited';

/** The night of this day of November 2026. Each has a commit of its own unless told. */
export function night(
  day: number,
  tests: Readonly<Record<string, NightTest>>,
  inputs: Readonly<Record<string, string>> = { commit: `${day}`.padStart(40, 'c') },
): Night {
  const two = String(day).padStart(2, '0');
  return {
    run: `202611${two}-020000-1`,
    at: `2026-11-${two}T02:00:00.000Z`,
    verdict: Object.values(tests).some(({ verdict }) => verdict === 'fail') ? 'fail' : 'pass',
    sentence: 'a sentence',
    plan: 'sha256:plan',
    inputs,
    tests,
    evidence: `sha256:${day}`,
  };
}

/** An entry for a finding of the ARP test. */
export function entry(change: Partial<KnownEntry> = {}): KnownEntry {
  return {
    test: ARP,
    signature: MISSING,
    kind: 'failure',
    issue: 'https://tracker.example/123',
    owner: 'neigh-team',
    since: '2026-11-01',
    until: '2026-11-30',
    ...change,
  };
}
