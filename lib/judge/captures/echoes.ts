/**
 * A capture of every interface (`tcpdump -i any`) sees a frame again wherever it goes on its way up: at the bridge, at the VLAN's port. Only
 * its first sighting is what the leaf received.
 */
export interface Echoes {
  /** Whether this content was seen shortly before on another interface. `ns` on the capture's clock. Allocates nothing. */
  isEcho(a: number, b: number, iface: number, ns: number): boolean;
  /** Whether it was seen so shortly before that it may be one frame on two interfaces, in a format that does not name them. */
  isTwin(a: number, b: number, ns: number, withinNs: number): boolean;
}

/** A frame that goes through a switch in user space is at the next interface after up to tens of ms when no CPU is free. */
const ECHO_NS = 500_000_000;
/** Frames that are remembered: in each of so many sets (a power of two) the latest few. */
const SETS = 0x4000;
const WAYS = 4;

export function createEchoes(): Echoes {
  const keyA = new Int32Array(SETS * WAYS);
  const keyB = new Int32Array(SETS * WAYS);
  const where = new Float64Array(SETS * WAYS);
  const when = new Float64Array(SETS * WAYS).fill(-Infinity);
  const firstOf = (a: number): number => (a & (SETS - 1)) * WAYS;
  /** Where this content is kept, or -1. */
  const find = (a: number, b: number): number => {
    const first = firstOf(a);
    for (let at = first; at < first + WAYS; at++) if (keyA[at] === a && keyB[at] === b) return at;
    return -1;
  };
  /** In place of the oldest where `at` is -1. */
  const keep = (at: number, a: number, b: number, iface: number, ns: number): void => {
    let place = at;
    if (place < 0) {
      place = firstOf(a);
      for (let other = place + 1; other < firstOf(a) + WAYS; other++) if ((when[other] as number) < (when[place] as number)) place = other;
    }
    keyA[place] = a;
    keyB[place] = b;
    where[place] = iface;
    when[place] = ns;
  };
  return {
    isEcho(a, b, iface, ns) {
      const at = find(a, b);
      if (at >= 0 && where[at] !== iface && ns - (when[at] as number) <= ECHO_NS) return true;
      keep(at, a, b, iface, ns);
      return false;
    },
    isTwin(a, b, ns, withinNs) {
      const at = find(a, b);
      const isTwin = at >= 0 && ns - (when[at] as number) <= withinNs;
      keep(at, a, b, 0, ns);
      return isTwin;
    },
  };
}
