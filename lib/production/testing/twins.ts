import { dice } from '../../dice.js';
import { failuresOf, FATES, type Fate } from '../../judge/testing/situation.js';
import type { World } from '../../judge/testing/fieldWorld.js';
import type { Verdict } from '../../judge/types.js';
import { judgeHere, type HereOptions } from './judgeHere.js';

/** Captures of one situation from the field, and what is known of it. */
export interface KindCase {
  readonly world: World;
  readonly files: readonly Uint8Array[];
  /** Options of the judgement beside the hosts. */
  readonly options?: Omit<HereOptions, 'hosts'>;
  /** What was drawn, for the message of a test that fails. */
  readonly drawn?: string;
  /** Leaves whose captures are split from one file: judged with a selection. */
  readonly due?: Due;
}

/**
 * `told`: what is right passes, what is wrong fails for just that; `never wrong`: what is right does not fail, what is
 * wrong does not pass, and no failure is told but the one that is there; `doubtful`: in addition nothing passes.
 */
export type Due = 'told' | 'never wrong' | 'doubtful';

/** `roll`: chance that does not depend on the fate, so that right and wrong captures are twins. */
export type Kind = (seed: number, fate: Fate, roll: () => number) => KindCase;

const WRONG = { lost: 'missing', doubled: 'duplicate', altered: 'altered' } as const;

/** What one capture came to that it may not. */
export interface Misjudged {
  readonly seed: number;
  readonly fate: Fate;
  readonly drawn: string;
  readonly verdict: Verdict;
  readonly failures: readonly string[];
  readonly due: readonly string[];
  readonly reasons: readonly string[];
}

/** All that is misjudged among the twins of some seeds. `reason`: must be in some reason of what is inconclusive. */
export function misjudged(kind: Kind, standard: Due, seeds: readonly number[], reason?: RegExp): readonly Misjudged[] {
  return seeds.flatMap((seed) =>
    FATES.flatMap((fate): Misjudged[] => {
      const { world, files, options = {}, drawn = '', due: own = standard } = kind(seed, fate, dice(31 * seed + 7));
      const judgement = judgeHere(files, { hosts: world.hosts, ...options });
      const { verdict, reasons, findings } = judgement;
      const leaf = `leaf-${'abcd'[world.victim.leaf] ?? ''}`;
      const failures = failuresOf(judgement);
      const due = fate === 'good' ? [] : [`${leaf} ${WRONG[fate]} 1`];
      const isDueFailure = failures.join() === due.join();
      const isOfKind = findings
        .filter((finding) => finding.verdict === 'fail')
        .every((finding) => finding.leaf === leaf && finding.kind === world.victim.kind);
      const isReasoned = verdict !== 'inconclusive' || reason === undefined || reason.test(reasons.join('\n'));
      const isRight =
        verdict === 'fail'
          ? fate !== 'good' && isDueFailure && isOfKind
          : verdict === 'pass'
            ? fate === 'good' && own !== 'doubtful'
            : own !== 'told' && failures.length === 0 && reasons.length > 0 && isReasoned;
      return isRight ? [] : [{ seed, fate, drawn, verdict, failures, due, reasons }];
    }),
  );
}

export const TWELVE: readonly number[] = Array.from({ length: 12 }, (_, i) => i + 1);
