import type { Outcome, Verdict } from '../judge/types.js';
import { OUTCOMES, type GroupDuty, type MatrixCell } from './matrix.js';

/** How bad a cell is; each colour comes with a word. */
export type Tone = 'good' | 'bad' | 'unsure' | 'quiet';

export interface CellText {
  readonly symbol: string;
  readonly count: string;
  /** What is wrong, in one word; empty when nothing is. */
  readonly word: string;
  readonly tone: Tone;
  /** The whole cell in words, for screen readers and tooltips. */
  readonly sentence: string;
}

const WORDS: Readonly<Record<Outcome, string>> = {
  delivered: 'seen once',
  missing: 'missing',
  duplicate: 'duplicate',
  late: 'late',
  altered: 'altered',
  unexpected: 'unexpected',
  'not-expected': 'none due',
  'in-band': 'in band',
  unknown: 'no claim',
  'not-judged': 'not judged here',
};

export function outcomeWord(outcome: Outcome): string {
  return WORDS[outcome];
}

export function outcomeTone(outcome: Outcome): Tone {
  if (outcome === 'delivered') return 'good';
  if (outcome === 'not-expected' || outcome === 'not-judged') return 'quiet';
  return outcome === 'unknown' || outcome === 'in-band' ? 'unsure' : 'bad';
}

/** The text of one matrix cell; the same in the page and in the terminal. */
export function cellText(cell: MatrixCell, duty: GroupDuty | null): CellText {
  const { tally, total } = cell;
  if (total === 0) return { symbol: '·', count: '', word: '', tone: 'quiet', sentence: 'no probe' };
  const parts = OUTCOMES.filter((outcome) => tally[outcome] > 0).map(
    (outcome) => `${String(tally[outcome])} ${WORDS[outcome]}`,
  );
  const sentence = `${parts.join(', ')} of ${String(total)}`;
  const bad = OUTCOMES.filter((outcome) => outcomeTone(outcome) === 'bad' && tally[outcome] > 0);
  const due = total - tally['not-expected'] - tally['not-judged'];
  if (duty === 'never') {
    const back = tally.unexpected;
    if (back > 0)
      return {
        symbol: '✗',
        count: `${String(back)}/${String(total)}`,
        word: 'reflected',
        tone: 'bad',
        sentence: `${String(back)} of ${String(total)} frames that a leaf had sent came back`,
      };
    const claimed = total - tally.unknown;
    return claimed === 0
      ? { symbol: '?', count: '', word: 'no claim', tone: 'unsure', sentence }
      : {
          symbol: '✓',
          count: `0/${String(claimed)}`,
          word: 'reflected',
          tone: 'good',
          sentence: `none of ${String(claimed)} frames that a leaf had sent came back`,
        };
  }
  if (tally['not-judged'] > 0 && due === 0)
    return { symbol: '·', count: String(tally['not-judged']), word: 'not judged here', tone: 'quiet', sentence };
  if (duty === 'unjudged') {
    return {
      symbol: '○',
      count: String(due),
      word: 'not judged',
      tone: 'quiet',
      sentence: `recorded, not judged: ${sentence}`,
    };
  }
  const isInTotal = duty === 'single' || duty === 'at-most-once' || duty === 'on-host';
  const fraction = isInTotal ? String(tally.delivered) : `${String(tally.delivered)}/${String(due)}`;
  const worst = bad[0];
  if (worst !== undefined) {
    const count = isInTotal || due === 0 ? String(bad.reduce((sum, outcome) => sum + tally[outcome], 0)) : fraction;
    return {
      symbol: '✗',
      count,
      word: bad.length > 1 ? `${WORDS[worst]} +${String(bad.length - 1)}` : WORDS[worst],
      tone: 'bad',
      sentence,
    };
  }
  if (tally.unknown > 0) return { symbol: '?', count: fraction, word: 'no claim', tone: 'unsure', sentence };
  if (duty === 'on-host' && tally.delivered > 0)
    return { symbol: '○', count: fraction, word: 'not due', tone: 'quiet', sentence };
  if (tally.delivered > 0) {
    // Frames inside a band do not count as due: nothing is claimed of them.
    const claimed = isInTotal ? fraction : `${String(tally.delivered)}/${String(due - tally['in-band'])}`;
    return {
      symbol: '✓',
      count: claimed,
      word:
        tally['in-band'] > 0
          ? `${String(tally['in-band'])} in band`
          : tally['not-judged'] > 0
            ? `${String(tally['not-judged'])} ·`
            : '',
      tone: 'good',
      sentence,
    };
  }
  if (tally['in-band'] > 0)
    return { symbol: '≈', count: String(tally['in-band']), word: 'in band', tone: 'unsure', sentence };
  return {
    symbol: '–',
    count: duty === 'single' ? '0' : '',
    word: duty === 'single' ? '' : 'none due',
    tone: 'quiet',
    sentence,
  };
}

export const VERDICT_SYMBOLS: Readonly<Record<Verdict, string>> = {
  pass: '✓',
  fail: '✗',
  inconclusive: '?',
  blocked: '⊘',
  skipped: '–',
};

export function verdictTone(verdict: Verdict): Tone {
  if (verdict === 'pass') return 'good';
  if (verdict === 'fail') return 'bad';
  return verdict === 'skipped' ? 'quiet' : 'unsure';
}
