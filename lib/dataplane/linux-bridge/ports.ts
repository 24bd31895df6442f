import type { MacEntry } from '../../evidence/types.js';

/** What `bridge -j -d link show` says of one port of a bridge (bridge(8)). */
export interface BridgePort {
  readonly ifname: string;
  readonly master?: string;
  readonly flags: readonly string[];
  /** `forwarding`, or `disabled` where it has no carrier. */
  readonly state: string;
  readonly learning: boolean;
  readonly isolated: boolean;
}

/** The ports of a bridge, in what that command said. */
export function portsIn(text: string, bridge: string): readonly BridgePort[] {
  return (JSON.parse(text) as readonly BridgePort[]).filter(({ master }) => master === bridge);
}

/** Whether frames can leave and come in there. */
export function carries({ flags, state }: Pick<BridgePort, 'flags' | 'state'>): boolean {
  return flags.includes('LOWER_UP') && state === 'forwarding';
}

interface FdbRow {
  readonly mac: string;
  readonly ifname: string;
  readonly master?: string;
  readonly state: string;
}

/**
 * The MACs behind each port, from `bridge -j fdb show`. Left out: the bridge's own MACs, and what a port lets
 * through (`self`).
 */
export function fdbIn(text: string, node: string): readonly MacEntry[] {
  return (JSON.parse(text) as readonly FdbRow[])
    .filter(({ master, state }) => master !== undefined && state !== 'permanent')
    .map(({ mac, ifname }) => ({ node, port: ifname, vlan: 0, mac }));
}
