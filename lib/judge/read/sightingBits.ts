/**
 * What one leaf saw of one probe, in 8 bits: bits 0-2 copies (7 = 7 or more), 3 late, 4 altered, 5 the first copy of
 * all was here, 6-7 the leg. Probes with the same words are one pattern, so the state of a judgement does not grow with
 * its captures.
 */
export const COPIES = 0x07;
export const LATE = 0x08;
export const ALTERED = 0x10;
export const FIRST = 0x20;
export const LIVE = 0x00;
export const DEAD = 0x40;
export const BAND = 0x80;
/** Something is known to be broken on the way: no copy is due, one may come, a second is one too many. */
export const FREE = 0xc0;
const LEG = 0xc0;

/** This many copies of one frame on one leaf are a storm, whatever else they are (P7). */
export const STORM_COPIES = 7;

export function copiesIn(word: number): number {
  return word & COPIES;
}

export function legIn(word: number): typeof LIVE | typeof DEAD | typeof BAND | typeof FREE {
  const leg = word & LEG;
  return leg === DEAD ? DEAD : leg === BAND ? BAND : leg === FREE ? FREE : LIVE;
}
