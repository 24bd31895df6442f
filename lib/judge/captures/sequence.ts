/** The sequence numbers of one exporter (RFC 2890), each 32 bits. */
export interface Sequence {
  /**
   * @param content hash of the frame. True when this very packet was seen already: the way to the collector doubled it.
   */
  note(number: number, content: number): boolean;
  /** Numbers that never came; null where the numbers tell nothing (they stand still, or belong to several counters). */
  lost(): number | null;
  /** The exporter began anew. */
  restarts(): number;
}

/** Packets may overtake each other by so many. */
const WINDOW = 0x400;
/** A step that no loss explains, in packets: a counter that was set. */
const LEAP = 0x100000;

export function createSequence(): Sequence {
  const numbers = new Float64Array(WINDOW).fill(-1);
  const contents = new Int32Array(WINDOW);
  let highest = -1;
  let hasMoved = false;
  let lost = 0;
  let restarts = 0;
  let conflicts = 0;
  const keep = (number: number, content: number): void => {
    numbers[number % WINDOW] = number;
    contents[number % WINDOW] = content;
  };
  return {
    note(number, content) {
      const step = highest < 0 ? 1 : (number - highest) | 0;
      if (highest >= 0 && number !== highest) hasMoved = true;
      const isKnown = numbers[number % WINDOW] === number;
      if (step > 0 && step <= LEAP) {
        lost += step - 1;
        highest = number;
      } else if (step > LEAP || step <= -WINDOW) {
        restarts++;
        highest = number;
      } else if (isKnown) {
        if (hasMoved && contents[number % WINDOW] === content) return true;
        conflicts++;
      } else lost = Math.max(0, lost - 1);
      keep(number, content);
      return false;
    },
    lost: () => (hasMoved && conflicts === 0 ? lost : null),
    restarts: () => (hasMoved && conflicts === 0 ? restarts : 0),
  };
}
