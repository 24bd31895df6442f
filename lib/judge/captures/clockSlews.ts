import { copiesIn } from '../read/sightingBits.js';
import type { Seen } from './contentTally.js';
import { PAIRING } from './settings.js';

/**
 * Finds a clock that was slewed while it captured, as NTP does with what is too little for a step: copies drift apart, or
 * together again, as slowly as clocks do, and all of them alike. What comes late now and then has frames in time before
 * and after it.
 */
export interface ClockSlews {
  /** A frame that should be on every leaf, and of which some copies were not in time. */
  note(seen: Pick<Seen, 'words' | 'times'>): void;
  /** `wholes`: when frames came that every leaf had in time. */
  between(one: number, other: number, wholes: Float64Array): ClockSlew | null;
}

export interface ClockSlew {
  /** The most that copies were apart: how much later the other one's came, ns. */
  readonly byNs: number;
  /** Frames that were later than copies are. */
  readonly frames: number;
}

/** Copies on two leaves that are kept, of all leaves together; of more, nothing is said. */
const MOST = 1 << 18;
/** Fewer copies so far apart may lie along a line by chance. */
const LEAST = 4;
const LEAST_NS = PAIRING.pairNs / 2;
/** How far from each other copies come, once clocks are taken away. */
const SPREAD_NS = 2 * PAIRING.copyNs;
/** The kernel slews by 500 ppm (adjtimex), and corrects the frequency by as much. */
const KERNEL_RATE = 1e-3;
/** Laid along one line, a clock that was slewed in the middle goes up, down, and up again. */
const KERNEL_TURNS = 2;
/** chrony slews by up to 83,333 ppm. So fast it goes one way, and stays there. */
const FASTEST_RATE = 0.1;

interface Apart {
  readonly ns: number;
  readonly byNs: number;
}

export function createClockSlews(leaves: number): ClockSlews {
  const pairs = new Map<number, Apart[]>();
  let kept = 0;

  return {
    note({ words, times }) {
      for (let one = 0; one < leaves; one++)
        for (let other = one + 1; other < leaves; other++) {
          if (copiesIn(words[one] ?? 0) === 0 || copiesIn(words[other] ?? 0) === 0) continue;
          if (kept++ >= MOST) return;
          const list = pairs.get(one * leaves + other) ?? [];
          pairs.set(one * leaves + other, list);
          const ns = times[one] ?? 0;
          list.push({ ns, byNs: (times[other] ?? 0) - ns });
        }
    },
    between(one, other, wholes) {
      const apart = pairs.get(one * leaves + other) ?? [];
      const apartBy = (least: number): readonly Apart[] => apart.filter(({ byNs }) => Math.abs(byNs) > least);
      const late = apartBy(PAIRING.pairNs);
      if (kept > MOST || late.length === 0 || apartBy(LEAST_NS).length < LEAST) return null;
      const inTime = Array.from(wholes, (ns): Apart => ({ ns, byNs: 0 }));
      const all = [...apart, ...inTime].sort((a, b) => a.ns - b.ns);
      const turns = turnsOf(all);
      if (!(turns <= KERNEL_TURNS && isSlow(all, KERNEL_RATE)) && !(turns === 0 && isSlow(all, FASTEST_RATE)))
        return null;
      return {
        byNs: late.reduce((most, { byNs }) => (Math.abs(byNs) > Math.abs(most) ? byNs : most), 0),
        frames: late.length,
      };
    },
  };
}

/** Whether no copy is further from where the ones before it were than clocks go meanwhile. */
function isSlow(all: readonly Apart[], rate: number): boolean {
  return all.every(({ ns, byNs }, i) => {
    const before = all[i - 1];
    return before === undefined || Math.abs(byNs - before.byNs) <= SPREAD_NS + rate * (ns - before.ns);
  });
}

/** How often copies that came further and further apart came closer again, or the other way round. */
function turnsOf(all: readonly Apart[]): number {
  let turns = 0;
  let way = 0;
  let extreme = all[0]?.byNs ?? 0;
  for (const { byNs } of all) {
    const further = byNs - extreme;
    if (way !== 0 && further * way > 0) extreme = byNs;
    else if (Math.abs(further) > SPREAD_NS) {
      if (way !== 0) turns++;
      way = Math.sign(further);
      extreme = byNs;
    }
  }
  return turns;
}
