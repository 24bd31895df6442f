import type { CertifiedTaps } from '../read/labTaps.js';
import { macText } from '../read/macs.js';
import { some } from '../tell/phrasing.js';
import type { Finding } from '../types.js';

/** P5 by MAC: no frame with the MAC of a gateway, or of a leaf's port, may come to a leaf. */
export function reflectionFindings({ leaves: watches, valid }: CertifiedTaps, leaves: readonly string[]): Finding[] {
  return watches.flatMap((watch, at) => {
    const leaf = leaves[at] ?? '';
    if (watch === null || valid[at] !== true) return [];
    return [...watch.reflected]
      .sort(([a], [b]) => a - b)
      .map(([mac, count]): Finding => ({
        property: 'P5',
        signature: 'reflection',
        verdict: 'fail',
        leaf,
        count,
        probes: [],
        sentence: `${leaf} received ${some(count, 'frame')} with the MAC ${macText(mac)} of a leaf itself: what a leaf sends may never reach a leaf again.`,
      }));
  });
}
