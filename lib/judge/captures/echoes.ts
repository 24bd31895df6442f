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
/** Frames that are remembered; power of two. */
const SLOTS = 0x2000;

export function createEchoes(): Echoes {
  const keyA = new Int32Array(SLOTS);
  const keyB = new Int32Array(SLOTS);
  const where = new Float64Array(SLOTS);
  const when = new Float64Array(SLOTS).fill(-Infinity);
  const keep = (at: number, a: number, b: number, iface: number, ns: number): void => {
    keyA[at] = a;
    keyB[at] = b;
    where[at] = iface;
    when[at] = ns;
  };
  return {
    isEcho(a, b, iface, ns) {
      const at = a & (SLOTS - 1);
      if (keyA[at] === a && keyB[at] === b && where[at] !== iface && ns - (when[at] as number) <= ECHO_NS) return true;
      keep(at, a, b, iface, ns);
      return false;
    },
    isTwin(a, b, ns, withinNs) {
      const at = a & (SLOTS - 1);
      const isTwin = keyA[at] === a && keyB[at] === b && ns - (when[at] as number) <= withinNs;
      keep(at, a, b, 0, ns);
      return isTwin;
    },
  };
}
