import { firstListed } from '../tell/phrasing.js';
import type { Finding, Signature } from '../types.js';

/**
 * What makes frames of some senders inconclusive, as one finding; none where there are no such senders.
 * @param found number of a sender, and how many of its frames
 * @param sentence says it of so many frames, and of the hosts by name
 */
export function doubtOf(
  found: readonly (readonly [sender: number, frames: number])[],
  nameOf: (sender: number) => string,
  signature: Signature,
  sentence: (count: number, who: string) => string,
): Finding[] {
  if (found.length === 0) return [];
  const count = found.reduce((sum, [, frames]) => sum + frames, 0);
  const who = firstListed(found.map(([sender]) => nameOf(sender)));
  return [
    { property: 'validity', signature, verdict: 'inconclusive', count, probes: [], sentence: sentence(count, who) },
  ];
}
