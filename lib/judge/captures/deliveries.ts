import { formOf } from '../../profile/duty.js';
import type { Profile } from '../../profile/types.js';
import { KINDS } from '../../wire/kinds.js';
import { ALTERED, copiesIn } from '../read/sightingBits.js';
import type { Sender } from '../tell/claim.js';
import type { Delivery } from '../types.js';
import { settleCarried, type Excuse } from '../vantage/carried.js';
import type { Example } from './contentTally.js';

/** One frame that is told of by itself. `text`: common time as ns since the epoch. */
export function deliveryOf(
  { pattern, name, seen }: Example,
  leaves: readonly string[],
  valid: readonly boolean[],
  senders: readonly Sender[],
  profile: Profile,
  text: (ns: number) => string,
  excuse: Excuse,
): Delivery {
  const { outcomes, verdict } = settleCarried(pattern, valid, profile.deadLegMustBeSilent, excuse).settled;
  return {
    probe: name,
    kind: (KINDS[seen.kind] ?? KINDS[0]).id,
    sender: senders[seen.sender]?.name ?? '',
    group: 'capture',
    form: formOf(seen.tags),
    duty: pattern.owed === 'never' ? 'unjudged' : pattern.owed,
    sentNs: text(seen.firstNs),
    verdict,
    leaves: Object.fromEntries(
      leaves.map((leaf, i) => {
        const word = seen.words[i] ?? 0;
        const differences = (word & ALTERED) === 0 ? [] : ['differs from the copy on another leaf'];
        return [
          leaf,
          {
            outcome: outcomes[i] ?? 'unknown',
            copies:
              copiesIn(word) === 0
                ? []
                : [{ tNs: text(seen.times[i] ?? 0), offset: seen.offsets[i] ?? 0, differences }],
          },
        ];
      }),
    ),
    skewNs: seen.words.filter((word) => copiesIn(word) > 0).length < 2 ? null : Math.round(seen.lastNs - seen.firstNs),
  };
}
