import type { BridgePort } from './ports.js';

/** OpenFlow of a host's bridge: one group that copies to every uplink, and the flows that send neighbor frames to it. */
export interface Recipe {
  readonly group: string;
  readonly flows: readonly string[];
}

/** The points at which a recipe can be cut wrongly; the defaults are right. Mutants change one each. */
export interface RecipeOptions {
  /** What counts as a neighbor frame. */
  readonly matches: readonly string[];
  /** Buckets of the group, in order of the uplinks. */
  readonly bucket: (uplink: BridgePort, index: number) => string | null;
  /** Which senders get flows. */
  readonly senders: (port: BridgePort) => boolean;
  /** What follows the copies. */
  readonly afterGroup: readonly string[];
  /** Flows that do not say where a frame must come from. */
  readonly anyInPort: boolean;
}

export const GROUP_ID = 1;

/** OVS looks behind extension headers by itself, so these two also match ND that others miss. */
export const NEIGHBOR_MATCHES = ['arp', 'icmp6,icmp_type=135', 'icmp6,icmp_type=136'] as const;

export const RIGHT: RecipeOptions = {
  matches: NEIGHBOR_MATCHES,
  bucket: (uplink) => `output:${uplink.ofport}`,
  senders: () => true,
  afterGroup: [],
  anyInPort: false,
};

const MULTICAST = 'dl_dst=01:00:00:00:00:00/01:00:00:00:00:00';
/** OFPVID_PRESENT of OpenFlow 1.3: the bit that says "there is a tag". */
const VID_PRESENT = 0x1000;

const pushVlan = (vid: number) => `push_vlan:0x8100,set_field:${VID_PRESENT | vid}->vlan_vid`;

/** Local ports that a flooded frame of `vlan` (null = native) must also reach, apart from its sender. */
function neighbors(ports: readonly BridgePort[], sender: BridgePort, vlan: number | null) {
  const others = ports.filter((port) => !port.uplink && port !== sender);
  return {
    bare: others.filter((port) => (vlan === null ? port.tag === null && port.trunks.length === 0 : port.tag === vlan)),
    tagged: vlan === null ? [] : others.filter((port) => port.trunks.includes(vlan)),
  };
}

const outputs = (ports: readonly BridgePort[]) => ports.map((port) => `output:${port.local ? 'LOCAL' : port.ofport}`);

/** Actions for a frame that enters bare (access and native ports) or with its tag (trunks), to the group and, when flooded, to local ports. */
function actions(ports: readonly BridgePort[], sender: BridgePort, vlan: number | null, carriesTag: boolean, flood: boolean, options: RecipeOptions): string {
  const { bare, tagged } = flood ? neighbors(ports, sender, vlan) : { bare: [], tagged: [] };
  const group = [`group:${GROUP_ID}`, ...options.afterGroup];
  if (vlan === null) return [...outputs(bare), ...group].join(',');
  if (!carriesTag) return [...outputs(bare), pushVlan(vlan), ...outputs(tagged), ...group].join(',');
  // Local access ports come last: taking the tag off would also lose its priority.
  return [...outputs(tagged), ...group, ...(bare.length === 0 ? [] : ['pop_vlan', ...outputs(bare)])].join(',');
}

function senderFlows(ports: readonly BridgePort[], sender: BridgePort, options: RecipeOptions): string[] {
  const inPort = `in_port=${sender.local ? 'LOCAL' : sender.ofport}`;
  const lanes: { readonly match: string; readonly vlan: number | null; readonly carriesTag: boolean }[] =
    sender.trunks.length > 0
      ? sender.trunks.map((vid) => ({ match: `,dl_vlan=${vid}`, vlan: vid, carriesTag: true }))
      : [{ match: ',vlan_tci=0x0000/0x1fff', vlan: sender.tag, carriesTag: false }];
  const locals = ports.filter((port) => !port.uplink && port !== sender && port.attachedMac !== null);
  return options.matches.flatMap((what) =>
    lanes.flatMap(({ match, vlan, carriesTag }) => [
      // A frame for a VM of this very host has nothing to say to a leaf.
      ...locals.map((port) => `priority=220,${inPort}${match},${what},dl_dst=${String(port.attachedMac)},actions=NORMAL`),
      `priority=210,${inPort}${match},${what},${MULTICAST},actions=${actions(ports, sender, vlan, carriesTag, true, options)}`,
      `priority=200,${inPort}${match},${what},actions=${actions(ports, sender, vlan, carriesTag, false, options)}`,
    ]),
  );
}

/** The recipe for a bridge with these ports. */
export function ovsRecipe(ports: readonly BridgePort[], options: RecipeOptions = RIGHT): Recipe {
  const uplinks = ports.filter((port) => port.uplink);
  const senders = ports.filter((port) => !port.uplink && options.senders(port));
  const buckets = uplinks.map(options.bucket).filter((bucket) => bucket !== null);
  return {
    group: [`group_id=${GROUP_ID}`, 'type=all', ...buckets.map((bucket) => `bucket=${bucket}`)].join(','),
    flows: [
      ...senders.flatMap((sender) => senderFlows(ports, sender, options)),
      ...(options.anyInPort ? options.matches.map((what) => `priority=150,${what},actions=group:${GROUP_ID}`) : []),
      'priority=0,actions=NORMAL',
    ],
  };
}
