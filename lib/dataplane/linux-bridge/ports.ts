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
