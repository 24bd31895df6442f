import { failuresOf } from '../../judge/testing/situation.js';
import { randomCaptures, type RandomCaptures, type Wrap } from '../../judge/testing/randomCaptures.js';
import type { Judgement } from '../../judge/types.js';
import { judgeHere } from './judgeHere.js';
import { MIRRORS, mirrorPacket } from './mirrorPackets.js';

/** Mirrors that number their packets are without gaps; the others are taken at their word. */
const WRAPS: Readonly<Record<string, Wrap>> = Object.fromEntries(
  MIRRORS.map((mirror): [string, Wrap] => [
    mirror,
    (frame, leaf, index) =>
      mirrorPacket(mirror, { frame, session: 5 + leaf, sequence: index, exporter: 1 + leaf }, leaf === 0 ? 4 : 6),
  ]),
);

/** What became of one pair of captures. */
export type RandomOutcome =
  | 'pass'
  | 'fail'
  | 'inconclusive'
  /** Nothing was wrong, and it failed; something was, and it passed; or it failed for what was right. */
  | 'false fail'
  | 'false pass'
  | 'wrong reason';

export interface RandomResult {
  readonly captures: RandomCaptures;
  readonly outcome: RandomOutcome;
  readonly judgement: Judgement;
}

/** Makes and judges the captures of one seed, as `everyleaf judge` does; `spoil` breaks a file before that. */
export function judgeRandom(seed: number, spoil = (bytes: Uint8Array): Uint8Array => bytes): RandomResult {
  const made = randomCaptures(seed, WRAPS);
  const captures = { ...made, files: made.files.map(spoil) };
  const judgement = judgeHere(captures.files, captures);
  return { captures, judgement, outcome: outcomeOf(captures, judgement) };
}

const WRONG_AS = { lost: 'missing', doubled: 'duplicate', altered: 'altered' } as const;

function outcomeOf({ truth, wrong }: RandomCaptures, judgement: Judgement): RandomOutcome {
  const { verdict } = judgement;
  if (verdict !== 'pass' && verdict !== 'fail') return 'inconclusive';
  if (truth === 'right') return verdict === 'fail' ? 'false fail' : 'pass';
  if (verdict === 'pass') return 'false pass';
  const failures = failuresOf(judgement);
  const word = `leaf-b ${WRONG_AS[truth]} `;
  const count = Number(failures[0]?.slice(word.length));
  return failures.length === 1 && failures[0]?.startsWith(word) === true && count > 0 && count <= wrong
    ? 'fail'
    : 'wrong reason';
}
