import type { Finding } from '../types.js';
import type { CaptureOptions } from './captureOptions.js';
import type { Unjudged } from './unjudged.js';

/** Most hosts that a sentence names. */
const NAMED = 5;

/** Hosts of which nothing was heard, or nothing that is judged: no pass may be taken for theirs. */
export function silentFindings(
  { asked = [], names, profile }: CaptureOptions,
  leaves: readonly string[],
  heard: ReadonlySet<string>,
  passedOver: ReadonlyMap<string, number>,
  unjudged: Unjudged,
): Finding[] {
  const silent = [...new Set([...asked, ...names.keys()])].filter((mac) => !heard.has(mac));
  const whoAre = (macs: readonly string[]): string =>
    `${macs
      .slice(0, NAMED)
      .map((mac) => names.get(mac) ?? mac)
      .join(', ')}${macs.length > NAMED ? ` and ${macs.length - NAMED} more` : ''}`;
  const finding = (missed: readonly string[], verdict: 'inconclusive' | 'note'): Finding[] => {
    const macs = missed.filter((mac) => !passedOver.has(mac));
    const seen = missed.filter((mac) => passedOver.has(mac));
    // Where nothing else was heard, nothing is known about any of them.
    const context = { leaves, profile: profile.name, verdict: heard.size === 0 ? ('inconclusive' as const) : verdict };
    const ofSeen =
      seen.length === 0
        ? []
        : [
            unjudged.finding(
              seen.flatMap((mac) => passedOver.get(mac) ?? []),
              whoAre(seen),
              context,
            ),
          ];
    if (macs.length === 0) return ofSeen;
    const who = whoAre(macs);
    return [
      ...ofSeen,
      {
        property: 'validity',
        signature: 'nothing-judged',
        verdict,
        count: macs.length,
        probes: [],
        sentence: `No neighbor frame of ${who} was on any capture, in the time that all of them share: nothing is known about ${macs.length === 1 ? 'it' : 'them'}.`,
      },
    ];
  };
  return [
    ...finding(
      silent.filter((mac) => asked.includes(mac)),
      'inconclusive',
    ),
    ...finding(
      silent.filter((mac) => !asked.includes(mac)),
      'note',
    ),
  ];
}
