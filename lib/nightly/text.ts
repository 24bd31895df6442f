import type { Comparison } from './compare.js';
import type { Night } from './night.js';
import type { Item, Word } from './words.js';

const ORDER: readonly Word[] = [
  'new failure',
  'expired',
  'flaky',
  'vanished',
  'no longer judged',
  'never judged',
  'on probation',
  'known',
  'fixed',
  'slower',
  'idle entry',
];

/** `2 × new failure, 1 × flaky`: how often each word was said. */
export function countsText(items: readonly Item[]): string {
  const counts = ORDER.flatMap((word) => {
    const count = items.filter((item) => item.word === word).length;
    return count === 0 ? [] : [`${count} × ${word}`];
  });
  return counts.length === 0 ? 'nothing new' : counts.join(', ');
}

/** What became of a night, in a sentence: whether it is to be looked at, and why. */
export function nightSentence({ run, tests }: Night, { items, isJudged }: Comparison): string {
  const gating = items.filter(({ gates }) => gates);
  const known = items.filter(({ word }) => word === 'known' || word === 'on probation').length;
  const all = Object.values(tests);
  const passed = all.filter(({ verdict }) => verdict === 'pass').length;
  if (!isJudged) return `Night ${run} judged nothing: nothing is known about the replicator.`;
  if (gating.length > 0) return `Night ${run} is to be looked at: ${countsText(gating)}.`;
  return `Night ${run} brings nothing new: ${passed} of ${all.length} tests pass${known === 0 ? '' : `, and what does not is known or on probation`}.`;
}

/** A night for a terminal, what must be looked at first. */
export function nightText(night: Night, comparison: Comparison): string {
  const { items, notes } = comparison;
  const lines = ORDER.flatMap((word) =>
    items.filter((item) => item.word === word).map(({ test, sentence }) => `  ${word}: ${test}\n    ${sentence}`),
  );
  return [nightSentence(night, comparison), ...notes.map((note) => `  ${note}`), ...lines].join('\n');
}
