import type { Counts } from '../judge/types.js';

/** How sure the bound is. */
const CONFIDENCE = 0.95;

/**
 * The highest rate of random loss with which all frames could still have been delivered here: one in this many, at 95 %
 * confidence. For rarer losses the experiments had too few probes. Null when there is no such bound: something was
 * missing, or too little was sent. With n of n delivered a loss rate above 1 - 0.05^(1/n) is excluded (Clopper and
 * Pearson 1934), for large n about 3/n.
 */
export function lossBound(totals: Pick<Counts, 'delivered' | 'missing'>): number | null {
  if (totals.missing > 0 || totals.delivered === 0) return null;
  const oneIn = Math.floor(1 / (1 - (1 - CONFIDENCE) ** (1 / totals.delivered)));
  return oneIn > 1 ? oneIn : null;
}
