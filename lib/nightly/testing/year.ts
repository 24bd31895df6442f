import type { Night, NightTest } from '../night.js';
import { failed, MISSING, PASSED } from './nights.js';

const DAY_MS = 86_400_000;
const FIRST = Date.parse('2025-11-28T02:00:00Z');

/** A year of nights, of which one test in twenty fails here and there; the same each time. */
export function yearOfNights(nights = 365, tests = 200): readonly Night[] {
  const names = Array.from(
    { length: tests },
    (_, i) => `a scenario with a title as long as most of them have, number ${i} [ovs-bond/balance-tcp]`,
  );
  return Array.from({ length: nights }, (_, day): Night => {
    const at = new Date(FIRST + day * DAY_MS).toISOString();
    const of = (i: number): NightTest =>
      (day * 31 + i * 17) % 20 === 0 ? failed(MISSING, 'P2.duplicate@leaf-a:arp-reply-unicast') : PASSED;
    return {
      run: `${at.slice(0, 10).replaceAll('-', '')}-020000-1`,
      at,
      verdict: 'fail',
      sentence: 'a sentence',
      plan: 'sha256:plan',
      inputs: { commit: String(Math.floor(day / 3)).padStart(40, '0'), kernel: `6.12.${Math.floor(day / 30)}` },
      tests: Object.fromEntries(names.map((name, i) => [name, of(i)])),
      evidence: `sha256:${day}`,
    };
  });
}
