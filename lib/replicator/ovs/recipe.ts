import type { BridgePort } from './ports.js';

/**
 * OpenFlow of a host's bridge: one group that copies to every uplink, and the flows that send neighbor frames to it.
 */
export interface Recipe {
  readonly group: string;
  readonly flows: readonly string[];
}

/** The points at which a recipe can be wrong; the defaults are right. Each mutant changes one. */
export interface RecipeOptions {
  /** What counts as a neighbor frame. */
  readonly matches: readonly string[];
  /**
   * Buckets of the group for an uplink. A bucket is an action set: of two outputs in it only one is made (OpenFlow
   * 1.3.5, 5.6 and 5.10).
   */
  readonly buckets: (uplink: BridgePort, index: number) => readonly string[];
  /** Which senders get flows. */
  readonly senders: (port: BridgePort) => boolean;
  /** What else a sender's neighbor frame must match, as the end of a match; empty, or begins with a comma. */
  readonly only: (sender: BridgePort) => string;
  /** Which of this host's ports get a neighbor frame that is for them, or for all. */
  readonly onHost: (ports: readonly BridgePort[], cast: Cast) => readonly BridgePort[];
  /** What happens to a neighbor frame apart from its copies. */
  readonly besides: (sender: BridgePort, uplinks: readonly BridgePort[]) => readonly string[];
  /**
   * What an access port's frames get before they leave for the leaves: end of an action list. `ports` are those of this
   * host, uplinks left out.
   */
  readonly pushes: (sender: BridgePort, ports: readonly BridgePort[]) => readonly string[];
  /**
   * Flows for frames from any port, uplinks too: a match, and actions. If two match, the first counts.
   */
  readonly anyInPort: readonly { readonly what: string; readonly actions: readonly string[] }[];
  /** What is done with a sender's other frames instead of forwarding them: end of a match, and actions. */
  readonly others: (
    sender: BridgePort,
    uplinks: readonly BridgePort[],
  ) => readonly { readonly what: string; readonly actions: readonly string[] }[];
}

/** Whether a frame is for one MAC, or for all or a group. */
export type Cast = 'unicast' | 'multicast';

export const GROUP_ID = 1;
/** The action that copies. */
export const TO_GROUP = `group:${GROUP_ID}`;

/** OVS looks behind extension headers by itself, so these two also match ND that others miss. */
export const NEIGHBOR_MATCHES = ['arp', 'icmp6,icmp_type=135', 'icmp6,icmp_type=136'] as const;

export const MULTICAST = 'dl_dst=01:00:00:00:00:00/01:00:00:00:00:00';

export const RIGHT: RecipeOptions = {
  matches: NEIGHBOR_MATCHES,
  buckets: (uplink) => [`actions=output:${uplink.ofport}`],
  senders: () => true,
  only: () => '',
  onHost: (ports) => ports,
  besides: () => [],
  pushes: pushTag,
  anyInPort: [],
  others: () => [],
};

/**
 * The table in which a neighbor frame has the tag that it has on the wire, and is sent to the leaves and to ports of
 * this host.
 */
const DELIVERY_TABLE = 10;
/** OFPVID_PRESENT of OpenFlow 1.3: the bit that says "there is a tag". */
const VID_PRESENT = 0x1000;
const UNTAGGED = 'vlan_tci=0x0000/0x1fff';
const ANY_TAG = 'vlan_tci=0x1000/0x1000';

/** As a flow spells it. */
export const portNumber = (port: BridgePort) => (port.local ? 'LOCAL' : String(port.ofport));
const outputs = (ports: readonly BridgePort[]) => ports.map((port) => `output:${portNumber(port)}`);

/** A port without VLAN settings is a trunk of every VLAN to Open vSwitch (ovs-vswitchd.conf.db(5), Port, vlan_mode). */
const takesEverything = (port: BridgePort) => port.tag === null && port.trunks.length === 0;
const takesTagged = (port: BridgePort, vlan: number) => port.trunks.includes(vlan) || takesEverything(port);

/** Pushes the tag that an access port's frames have on the wire; frames of other ports have it already, or none. */
export function pushTag({ tag }: BridgePort): readonly string[] {
  return tag === null ? [] : ['push_vlan:0x8100', `set_field:${VID_PRESENT | tag}->vlan_vid`];
}

/** First table: a sender's neighbor frames get the tag that they have on the wire; everything else is NORMAL. */
function senderFlows(
  sender: BridgePort,
  local: readonly BridgePort[],
  uplinks: readonly BridgePort[],
  options: RecipeOptions,
): string[] {
  const deliver = `resubmit(,${DELIVERY_TABLE})`;
  const flow = (network: string, what: string, actions: readonly string[]) =>
    `table=0,priority=200,in_port=${portNumber(sender)},${network},${what}${options.only(sender)},actions=${[...options.besides(sender, uplinks), ...actions].join(',')}`;
  return options.matches.flatMap((what) => {
    if (sender.trunks.length > 0) return sender.trunks.map((vlan) => flow(`dl_vlan=${vlan}`, what, [deliver]));
    if (sender.tag !== null) return [flow(UNTAGGED, what, [...options.pushes(sender, local), deliver])];
    return [flow(UNTAGGED, what, [deliver]), flow(ANY_TAG, what, [deliver])];
  });
}

/**
 * Second table: what a switch would do with the frame, but to every uplink. `output` to the port that a frame came from
 * does nothing (OpenFlow 1.3.5, 7.2.5), so senders need not be left out.
 */
function deliveryFlows(
  local: readonly BridgePort[],
  network: string,
  tagged: readonly BridgePort[],
  bare: readonly BridgePort[],
  { onHost }: RecipeOptions,
): string[] {
  const group = `group:${GROUP_ID}`;
  // Ports where the tag is popped come last: it cannot be put back with the same priority.
  const popped = (ports: readonly BridgePort[]) => (ports.length === 0 ? [] : ['pop_vlan', ...outputs(ports)]);
  const flow = (priority: number, match: string, actions: readonly string[]) =>
    `table=${DELIVERY_TABLE},priority=${priority},${network}${match},actions=${actions.join(',')}`;
  const nameless = (ports: readonly BridgePort[]) => ports.filter((port) => port.mac === null);
  return [
    // A unicast frame for a neighbor on this host is of no use to a leaf.
    ...local
      .filter((port) => port.mac !== null)
      .flatMap((port) => {
        const heard = onHost([port], 'unicast');
        const actions = tagged.includes(port) ? outputs(heard) : bare.includes(port) ? popped(heard) : [];
        return actions.length === 0 ? [] : [flow(220, `,dl_dst=${String(port.mac)}`, actions)];
      }),
    flow(210, `,${MULTICAST}`, [...outputs(onHost(tagged, 'multicast')), group, ...popped(onHost(bare, 'multicast'))]),
    // It may be for a port whose MAC is unknown.
    flow(200, '', [
      ...outputs(onHost(nameless(tagged), 'unicast')),
      group,
      ...popped(onHost(nameless(bare), 'unicast')),
    ]),
  ];
}

/** The recipe for a bridge with these ports. */
export function ovsRecipe(ports: readonly BridgePort[], options: RecipeOptions = RIGHT): Recipe {
  const uplinks = ports.filter((port) => port.uplink);
  const local = ports.filter((port) => !port.uplink);
  const everything = local.filter(takesEverything);
  const vlans = [...new Set(local.flatMap((port) => [...(port.tag === null ? [] : [port.tag]), ...port.trunks]))].sort(
    (a, b) => a - b,
  );
  const buckets = uplinks.flatMap(options.buckets);
  return {
    group: [`group_id=${GROUP_ID}`, 'type=all', ...buckets.map((bucket) => `bucket=${bucket}`)].join(','),
    flows: [
      ...local.filter(options.senders).flatMap((sender) => senderFlows(sender, local, uplinks, options)),
      ...local.flatMap((sender) =>
        options
          .others(sender, uplinks)
          .map(
            ({ what, actions }) =>
              `table=0,priority=150,in_port=${portNumber(sender)},${what},actions=${actions.join(',')}`,
          ),
      ),
      ...options.anyInPort.map(
        ({ what, actions }, index) => `table=0,priority=${140 - index},${what},actions=${actions.join(',')}`,
      ),
      'table=0,priority=0,actions=NORMAL',
      ...deliveryFlows(local, UNTAGGED, everything, [], options),
      ...vlans.flatMap((vlan) =>
        deliveryFlows(
          local,
          `dl_vlan=${vlan}`,
          local.filter((port) => takesTagged(port, vlan)),
          local.filter((port) => port.tag === vlan && port.trunks.length === 0),
          options,
        ),
      ),
      // Tags that no port of this host has.
      `table=${DELIVERY_TABLE},priority=100,${ANY_TAG},actions=${[...outputs(everything), `group:${GROUP_ID}`].join(',')}`,
    ],
  };
}
