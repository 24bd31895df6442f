import type { Judgement } from '../../judge/types.js';
import { judgeHere, type HereOptions } from './judgeHere.js';

/** How judgements by the two matchers differ, and how much of the work the compiled one did. */
export interface MatcherComparison {
  readonly difference: string | null;
  readonly judgement: Judgement;
  /** Frames that were judged; such as the compiled matcher left to the other one, judged or not. */
  readonly frames: number;
  readonly left: number;
}

/** Judges captures with what can do everything, and with the compiled reader and matcher in front of it. */
export function compareMatchers(files: readonly Uint8Array[], options: HereOptions): MatcherComparison {
  let left = 0;
  const plain = judgeHere(files, options);
  const fast = judgeHere(files, {
    ...options,
    isCompiled: true,
    onLeft() {
      left++;
    },
  });
  const { probes, dataFrames } = plain.totals;
  return { difference: differenceOf(plain, fast), judgement: plain, frames: probes + dataFrames, left };
}

function differenceOf(plain: Judgement, fast: Judgement): string | null {
  const [one, other] = [plain, fast].map((judgement) => JSON.stringify(judgement));
  if (one === other || one === undefined || other === undefined) return null;
  let at = 0;
  while (one[at] === other[at]) at++;
  const around = (text: string): string => text.slice(Math.max(0, at - 60), at + 120);
  return `"${around(other)}" instead of "${around(one)}"`;
}
