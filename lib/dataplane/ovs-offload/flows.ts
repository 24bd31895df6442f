/** A flow of the datapath by which neighbor frames go. */
export interface NeighborFlow {
  /** Its identifier, as the filter of tc has it in its cookie: 32 digits. */
  readonly cookie: string;
  /** `ND` is a flow to solicited nodes: it tells no NS from other IPv6 of that destination, for it does not look. */
  readonly kind: 'ARP' | 'ND';
  /** The port at which its frames come in. */
  readonly from: string;
  /** What forwards them: `tc`, or `ovs`, the module of Open vSwitch. */
  readonly by: string;
  /** Ports to which each of its frames goes. */
  readonly outputs: number;
}

/** Words of a list of actions that are no port, besides those with arguments (lib/odp-util.c, format_odp_action). */
const NO_PORTS = new Set(['drop', 'pop_vlan', 'pop_nsh', 'ct_clear', 'pop_eth']);

/**
 * What a flow's identifier is in a cookie: its four words of 32 bits, each with its bytes turned round, as this
 * processor has them in memory (lib/netdev-offload-tc.c).
 */
function cookieOf(ufid: string): string {
  const words = ufid.replaceAll('-', '').match(/.{8}/g) ?? [];
  return words.map((word) => (word.match(/../g) ?? []).reverse().join('')).join('');
}

/** The names in a list such as `push_vlan(vid=20,pcp=0),bond0,br0,pop_vlan,vm2`. */
function outputsIn(actions: string): number {
  const flat = actions.replace(/\([^()]*\)/g, '()');
  return flat.split(',').filter((word) => word !== '' && !word.includes('(') && !NO_PORTS.has(word)).length;
}

function kindOf(line: string): NeighborFlow['kind'] | null {
  if (line.includes('eth_type(0x0806)')) return 'ARP';
  return line.includes('eth_type(0x86dd)') && line.includes('dst=33:33:ff:') ? 'ND' : null;
}

/** The flows of neighbor frames in what `dpctl/dump-flows -m` says. */
export function neighborFlowsIn(dump: string): readonly NeighborFlow[] {
  return dump.split('\n').flatMap((line) => {
    const kind = kindOf(line);
    const ufid = /^ufid:([0-9a-f-]{36})/.exec(line)?.[1];
    const from = /in_port\(([^)]+)\)/.exec(line)?.[1];
    const by = /, dp:([^,\s]+)/.exec(line)?.[1];
    const actions = /, actions:(.*)$/.exec(line)?.[1];
    if (kind === null || ufid === undefined || from === undefined || actions === undefined) return [];
    return [{ cookie: cookieOf(ufid), kind, from, by: by ?? 'unknown', outputs: outputsIn(actions.trim()) }];
  });
}
