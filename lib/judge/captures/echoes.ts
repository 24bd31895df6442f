import { createRecent } from './recent.js';

/**
 * A capture of every interface (`tcpdump -i any`) sees a frame again wherever it goes on its way up: at the bridge, at
 * the VLAN's port. Only its first sighting is what the leaf received.
 */
export interface Echoes {
  /**
   * Whether this content was seen shortly before on another interface. `ns` on the capture's clock. Allocates nothing.
   */
  isEcho(a: number, b: number, iface: number, ns: number): boolean;
  /**
   * Whether it was seen so shortly before that it may be one frame on two interfaces, in a format that does not name
   * them.
   */
  isTwin(a: number, b: number, ns: number, withinNs: number): boolean;
}

/**
 * A frame that goes through a switch in user space is at the next interface after up to tens of ms when no CPU is free.
 */
const ECHO_NS = 500_000_000;
/** Frames that are remembered: four times as many. */
const SETS = 0x4000;

export function createEchoes(): Echoes {
  const recent = createRecent(SETS);
  const { where, when } = recent;
  const keep = (known: number, a: number, b: number, iface: number, ns: number): void => {
    const at = recent.keep(known, a, b);
    where[at] = iface;
    when[at] = ns;
  };
  return {
    isEcho(a, b, iface, ns) {
      const at = recent.find(a, b);
      if (at >= 0 && where[at] !== iface && ns - (when[at] as number) <= ECHO_NS) return true;
      keep(at, a, b, iface, ns);
      return false;
    },
    isTwin(a, b, ns, withinNs) {
      const at = recent.find(a, b);
      const isTwin = at >= 0 && ns - (when[at] as number) <= withinNs;
      keep(at, a, b, 0, ns);
      return isTwin;
    },
  };
}
