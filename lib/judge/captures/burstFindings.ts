import { KINDS } from '../../wire/kinds.js';
import { listed, plural, some } from '../tell/phrasing.js';
import type { Finding } from '../types.js';

/** Bursts of one sender and kind that reached every leaf equally often. */
export interface EqualBursts {
  readonly sender: number;
  readonly kind: number;
  bursts: number;
  frames: number;
}

/** What is not known of bursts that every leaf saw alike. */
export function burstFindings(
  bursts: readonly EqualBursts[],
  isHost: (sender: number) => boolean,
  nameOf: (sender: number) => string,
): Finding[] {
  return bursts
    .filter(({ sender }) => isHost(sender))
    .map(({ sender, kind, bursts: times, frames }): Finding => {
      const id = (KINDS[kind] ?? KINDS[0]).id;
      return {
        property: 'P1',
        signature: 'duplicate',
        verdict: 'inconclusive',
        kind: id,
        sender: nameOf(sender),
        count: frames,
        probes: [],
        sentence: `${some(frames, 'equal frame')} (${listed([plural(id)])}) from ${nameOf(sender)} came to every leaf in ${times === 1 ? 'one burst' : `${times} bursts`}, equally often: whether the host said each of them, or something multiplies what it says, is not known.`,
      };
    });
}
