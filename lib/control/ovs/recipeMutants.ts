import { DURATIONS } from '../../durations.js';
import type { Signature } from '../../judge/types.js';
import { OVS_BONDS } from '../../ovs/ovsPlane.js';
import { MULTICAST, NEIGHBOR_MATCHES, pushTag, TO_GROUP, type RecipeOptions } from '../../replicator/ovs/recipe.js';
import { ovsMutant } from './ovsMutant.js';
import type { OvsMutant } from './types.js';

interface Row {
  readonly name: string;
  readonly description: string;
  readonly mustFind: readonly Signature[];
  /** The part of the right recipe that is wrong. */
  readonly wrong: Partial<RecipeOptions>;
  /** Kinds of data planes on which it is wrong; those where each sender has a port of its own without it. */
  readonly on?: readonly string[];
}

/** 2000::/3 is all global unicast (RFC 4291 2.4); DAD uses the unspecified address. */
const GLOBAL_SOURCES = ['ipv6_src=2000::/3', 'ipv6_src=::'];

/**
 * Neighbor Discovery that says a MAC, or is for duplicate address detection, which says none. A field that is not there is 0 to
 * Open vSwitch, so any other MAC will do: one that is locally administered, or one of a virtual router.
 */
const ND_WITH_MAC = [
  'icmp6,icmp_type=135,ipv6_src=::',
  ...['02:00:00:00:00:00/02:00:00:00:00:00', '00:00:5e:00:00:00/ff:ff:ff:00:00:00'].flatMap((mac) => [
    `icmp6,icmp_type=135,icmp_code=0,nd_sll=${mac}`,
    `icmp6,icmp_type=136,icmp_code=0,nd_tll=${mac}`,
  ]),
];

/** Copies of each frame in a storm. */
const STORM_COPIES = 8;

const ROWS: readonly Row[] = [
  {
    name: 'first-leg-only',
    description: 'Every copy goes to the first uplink only.',
    mustFind: ['missing'],
    wrong: {
      buckets: (uplink, index) => (index === 0 ? [`actions=output:${uplink.ofport}`] : []),
    },
  },
  {
    name: 'group-and-normal',
    description: 'The copies are sent and the frame goes its normal way too.',
    mustFind: ['duplicate'],
    wrong: { besides: () => ['NORMAL'] },
  },
  {
    name: 'mirror-both-uplinks',
    description:
      "Each uplink's copy is mirrored to the other uplink, as by two mirrors that do not know of each other.",
    mustFind: ['duplicate'],
    wrong: {
      buckets: (uplink) => [`actions=output:${uplink.ofport}`, `actions=output:${uplink.ofport}`],
    },
  },
  {
    name: 'no-in-port',
    description: 'The flows do not say where a frame must come from, so a frame of one leaf is copied to the other.',
    mustFind: ['reflection'],
    wrong: {
      anyInPort: NEIGHBOR_MATCHES.map((what) => ({ what, actions: [TO_GROUP] })),
    },
  },
  // Like flows that match ARP and ND, and a bond that is one port to whoever wrote them.
  {
    name: 'replicates-what-it-hears',
    description: 'Neighbor frames that come in on the bond go their normal way, and out again on the other legs.',
    mustFind: ['reflection'],
    wrong: {
      anyInPort: NEIGHBOR_MATCHES.map((what) => ({ what, actions: ['NORMAL', TO_GROUP] })),
    },
  },
  {
    name: 'all-icmpv6',
    description: 'All of ICMPv6 is copied, not only NS and NA.',
    mustFind: ['data-replicated'],
    wrong: {
      matches: ['arp', 'icmp6'],
    },
  },
  {
    name: 'arp-only',
    description: 'ARP is copied; Neighbor Discovery is forgotten.',
    mustFind: ['missing'],
    wrong: {
      matches: ['arp'],
    },
  },
  {
    name: 'requests-only',
    description: 'Requests and solicitations are copied; replies and advertisements are not.',
    mustFind: ['missing'],
    wrong: { matches: ['arp,arp_op=1', 'icmp6,icmp_type=135'] },
  },
  {
    name: 'broadcast-only',
    description: 'Only broadcast and multicast neighbor frames are copied.',
    mustFind: ['missing'],
    wrong: { matches: NEIGHBOR_MATCHES.map((what) => `${what},${MULTICAST}`) },
  },
  {
    name: 'untagged-only',
    description: 'Only senders whose frames leave without a tag are served.',
    mustFind: ['missing'],
    wrong: { senders: (port) => port.tag === null && port.trunks.length === 0 },
  },
  {
    name: 'replicate-all',
    description: 'Every frame of a sender is copied, data too.',
    mustFind: ['data-replicated'],
    wrong: { matches: ['arp', 'ip', 'ipv6'] },
  },
  // A bridge would have dropped these: each leaf takes the sender for the neighbor on its own port.
  {
    name: 'copies-lldp',
    description: 'The right copies, and copies of the LLDP frames of the host and its VMs.',
    mustFind: ['data-replicated'],
    wrong: { others: () => [{ what: 'dl_type=0x88cc', actions: [TO_GROUP] }] },
  },
  // A rule for "what keeps addresses alive", or for all that goes to a group of the link.
  {
    name: 'copies-vrrp',
    description: 'The right copies, and copies of VRRP advertisements.',
    mustFind: ['data-replicated'],
    wrong: { others: () => [{ what: 'ip,nw_proto=112', actions: [TO_GROUP] }] },
  },
  {
    name: 'slave-source-mac',
    description: 'The second copy leaves with another source MAC.',
    mustFind: ['identity'],
    wrong: {
      buckets: (uplink, index) => [
        index === 1
          ? `actions=set_field:02:00:00:00:5a:5a->eth_src,output:${uplink.ofport}`
          : `actions=output:${uplink.ofport}`,
      ],
    },
  },
  {
    name: 'drops-tag',
    description: 'The second copy leaves without its VLAN tag.',
    mustFind: ['identity'],
    wrong: {
      buckets: (uplink, index) => [
        index === 1 ? `actions=pop_vlan,output:${uplink.ofport}` : `actions=output:${uplink.ofport}`,
      ],
      senders: (port) => port.tag !== null || port.trunks.length > 0,
    },
  },
  // Like flows that were written for one VLAN.
  {
    name: 'pushes-first-tag',
    description: "Every access port's neighbor frames leave with the tag of the first access port.",
    mustFind: ['identity'],
    wrong: {
      pushes: (sender, ports) => pushTag(ports.find((port) => port.tag !== null) ?? sender),
    },
  },
  // Like port security that forgets a virtual router's address or a nested guest.
  {
    name: 'own-mac-only',
    description: 'Only frames with the MAC that was given to the port are copied.',
    mustFind: ['missing'],
    wrong: { only: ({ mac }) => (mac === null ? '' : `,dl_src=${mac}`) },
    // Behind one port there are many MACs.
    on: OVS_BONDS,
  },
  // The U/L bit (IEEE 802, 8.2); a NIC that is passed through to a VM has its vendor's address.
  {
    name: 'local-macs-only',
    description: 'Only frames with a locally administered MAC, as VM managers assign them, are copied.',
    mustFind: ['missing'],
    wrong: {
      only: () => ',dl_src=02:00:00:00:00:00/02:00:00:00:00:00',
    },
  },
  {
    name: 'global-only',
    description: 'Neighbor Discovery from a link-local address is not copied.',
    mustFind: ['missing'],
    wrong: {
      matches: [
        'arp',
        ...[135, 136].flatMap((type) => GLOBAL_SOURCES.map((source) => `icmp6,icmp_type=${type},${source}`)),
      ],
    },
  },
  // What a match for "plain" packets leaves out: routers mark what they say as network control.
  {
    name: 'unmarked-only',
    description: 'Neighbor Discovery with another traffic class than 0 is not copied.',
    mustFind: ['missing'],
    wrong: {
      matches: ['arp', ...[135, 136].map((type) => `icmp6,icmp_type=${type},nw_tos=0`)],
    },
  },
  {
    name: 'with-mac-only',
    description: 'Neighbor Discovery that does not say its MAC is not copied.',
    mustFind: ['missing'],
    wrong: {
      matches: ['arp', ...ND_WITH_MAC],
    },
  },
  {
    name: 'fixed-priority',
    description: 'Every tagged copy of a trunk leaves with priority 3, whatever it had.',
    mustFind: ['identity'],
    wrong: {
      buckets: (uplink) => [`actions=set_field:3->vlan_pcp,output:${uplink.ofport}`],
      senders: (port) => port.trunks.length > 0,
    },
  },
  {
    name: 'floods',
    description: 'Neighbor frames are also flooded to every port of the switch, in any VLAN.',
    mustFind: ['vlan-leak'],
    wrong: { besides: () => ['FLOOD'] },
  },
  // A VM that hears its own duplicate address detection gives its address up (RFC 4862 5.4.3).
  {
    name: 'echoes',
    description: 'A copy of each neighbor frame goes back to the port that it came from.',
    mustFind: ['returned-to-sender'],
    wrong: { besides: () => ['IN_PORT'] },
  },
  // Like two replicators that copy each other's copies until a limit ends it.
  {
    name: 'storms',
    description: `Each neighbor frame is sent ${STORM_COPIES} times on each leg.`,
    mustFind: ['storm'],
    wrong: {
      buckets: (uplink) => Array.from({ length: STORM_COPIES }, () => `actions=output:${uplink.ofport}`),
    },
  },
  // Like a match that is too broad, or a rule without an action (OpenFlow 1.3.5, 5.5: no action is a drop).
  {
    name: 'drops-tcp',
    description: 'The right copies, but the TCP frames of the host and its VMs are gone.',
    mustFind: ['data-lost'],
    wrong: {
      others: () => [
        { what: 'tcp', actions: ['drop'] },
        { what: 'tcp6', actions: ['drop'] },
      ],
    },
  },
  // Like port security that knows ARP and ND. The group's flows do not make the switch learn, so that RARP is what moves
  // a VM's MAC in the host's own table (ofproto/ofproto-dpif-xlate.c, update_learning_table: only `NORMAL` learns).
  {
    name: 'drops-rarp',
    description: 'The right copies, but RARP frames of VMs are dropped.',
    mustFind: ['data-lost'],
    wrong: { others: () => [{ what: 'rarp', actions: ['drop'] }] },
  },
  // Like a rule that finds ARP at an offset inside of a packet, or that takes all that a VTEP sends for important.
  {
    name: 'copies-tunnels',
    description: 'The right copies, and packets of VXLAN tunnels leave on every leg, too.',
    mustFind: ['data-replicated'],
    wrong: { others: () => [{ what: 'udp,tp_dst=4789', actions: [TO_GROUP] }] },
    on: ['vxlan'],
  },
  // Flows that only copy, as recipes are often written: two VMs on one host never hear each other's requests.
  {
    name: 'leaves-only',
    description: 'Every leaf has its copy, and the other senders on the host have none.',
    mustFind: ['missing-on-host'],
    wrong: { onHost: () => [] },
  },
  // Floods frames to all, and assumes that every unicast frame is for a machine behind a leaf.
  {
    name: 'answers-to-leaves-only',
    description:
      'The other senders on the host hear what is sent to all; what is sent to one of them goes to the leaves.',
    mustFind: ['missing-on-host'],
    wrong: { onHost: (ports, cast) => (cast === 'unicast' ? [] : ports) },
  },
  // Like a controller that learns flows and lets them expire (OpenFlow 1.3.5, 6.3): a sender that speaks again after a
  // long time finds none. In a flow's text the timeout stands beside the match.
  {
    name: 'expires',
    description: `All is right until a sender is silent for ${DURATIONS.flowIdle / 1000} s: then its flows are gone, and its frames go the normal way.`,
    mustFind: ['missing'],
    wrong: {
      only: () => `,idle_timeout=${DURATIONS.flowIdle / 1000}`,
    },
  },
  // The same by the clock: what a controller must renew, and does not.
  {
    name: 'ends-soon',
    description: `All is right for ${DURATIONS.flowHard / 1000} s after it was installed: then its flows are gone, whatever was sent.`,
    mustFind: ['missing'],
    wrong: {
      only: () => `,hard_timeout=${DURATIONS.flowHard / 1000}`,
    },
  },
];

/** Recipes with one wrong part; any other mutant has its own file. */
export const RECIPE_MUTANTS: readonly OvsMutant[] = ROWS.map(({ name, description, mustFind, wrong, on }) =>
  ovsMutant(name, description, mustFind, wrong, on === undefined ? {} : { on }),
);
