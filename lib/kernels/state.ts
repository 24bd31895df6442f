import { judge } from '../judge/judge.js';
import { worstOf } from '../judge/tell/verdict.js';
import type { Delivery, Judgement, Verdict } from '../judge/types.js';
import type { Profile } from '../profile/types.js';
import { groupBy } from '../groupBy.js';
import type { WayEvidence } from './trial.js';
import { SINGLE_SENT, type Way } from './ways.js';

/** What became of all frames of one kind that went one way. */
export interface Cell {
  readonly sent: number;
  /** Copies that each leaf got. */
  readonly leaves: Readonly<Record<string, number>>;
  /**
   * `each-leaf`: every frame once on every leaf; `one-leaf`: every frame once in all; `none`: nothing, of what nobody
   * sent; `other`: none of these.
   */
  readonly seen: 'each-leaf' | 'one-leaf' | 'none' | 'other';
  /** What was due. */
  readonly duty: Delivery['duty'] | 'none';
  readonly verdict: Verdict;
}

/** Cells by way, and then by kind (with `truncated` and `flows` for the special ones). */
export type Cells = Readonly<Record<string, Readonly<Record<string, Cell>>>>;

/** A kernel with the option off, or on. */
export interface StateResult {
  readonly verdict: Verdict;
  /** Sentences; empty for a pass. */
  readonly reasons: readonly string[];
  /** Sentences about what decides nothing and is worth knowing. Absent: there are none. */
  readonly notes?: readonly string[];
  readonly cells: Cells;
}

/** What is due in this state. */
export type Due = 'single-sent' | 'replicated';

const profileOf = (due: Due, way: Way): Profile => (due === 'replicated' ? way.on : SINGLE_SENT);

/**
 * Judges one state of a kernel, way by way. The same captures must fail where the other state is due: a judgement that
 * cannot tell them apart says nothing.
 */
export function judgeState(due: Due, tried: readonly (readonly [Way, WayEvidence])[]): StateResult {
  const other: Due = due === 'replicated' ? 'single-sent' : 'replicated';
  const judged = tried.map(([way, evidence]) => {
    const judgement = judgeWay(evidence, profileOf(due, way));
    const control = way.tells ? judgeWay(evidence, profileOf(other, way)).verdict : 'fail';
    return { way, evidence, judgement, control };
  });
  const uncaught = judged.filter(({ judgement, control }) => judgement.verdict === 'pass' && control !== 'fail');
  const warned = judged.filter(({ evidence }) => evidence.warnings.length > 0);
  return {
    verdict: worstOf([
      ...judged.map(({ judgement }) => judgement.verdict),
      ...[...uncaught, ...warned].map(() => 'inconclusive' as const),
    ]),
    reasons: [
      ...judged.flatMap(({ way, judgement }) =>
        judgement.verdict === 'pass' ? [] : judgement.reasons.map((reason) => `${way.title}: ${reason}`),
      ),
      ...uncaught.map(
        ({ way, control }) =>
          `${way.title}: judged as if it were ${other}, the same captures are ${control}, not fail.`,
      ),
      ...warned.map(({ way, evidence }) => `${way.title}: the kernel warned: ${evidence.warnings[0] ?? ''}`),
    ],
    cells: Object.fromEntries(judged.map(({ way, judgement }) => [way.id, cellsOf(judgement)])),
  };
}

function judgeWay({ manifest, probes, captures }: WayEvidence, profile: Profile): Judgement {
  return judge({ manifest, probes, capture: ({ name }) => [captures.get(name) ?? new Uint8Array(0)] }, profile);
}

function cellsOf({ deliveries, leaves }: Judgement): Readonly<Record<string, Cell>> {
  const byKind = groupBy(deliveries, ({ kind, group }) => (group === 'truncated' || group === 'flows' ? group : kind));
  return Object.fromEntries([...byKind].map(([name, own]) => [name, cellOf(own, leaves)]));
}

function cellOf(deliveries: readonly Delivery[], leaves: readonly string[]): Cell {
  const copies = deliveries.map((delivery) => leaves.map((leaf) => delivery.leaves[leaf]?.copies.length ?? 0));
  const isEach = copies.every((counts) => counts.every((count) => count === 1));
  const isOne = copies.every((counts) => counts.reduce((sum, count) => sum + count, 0) === 1);
  return {
    sent: deliveries.length,
    leaves: Object.fromEntries(
      leaves.map((leaf, at) => [leaf, copies.reduce((sum, counts) => sum + (counts[at] ?? 0), 0)]),
    ),
    seen: isEach ? 'each-leaf' : isOne ? 'one-leaf' : 'other',
    duty: deliveries[0]?.duty ?? 'unjudged',
    verdict: worstOf(deliveries.map(({ verdict }) => verdict)),
  };
}
