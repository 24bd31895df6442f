import { linuxBroadcastNeighbor } from '../profile/table/linuxBroadcastNeighbor.js';
import { everyForm, rows } from '../profile/rows.js';
import type { Profile } from '../profile/types.js';
import { craftFlows, craftKinds, type CraftedProbe, type CraftOptions } from '../stimulus/crafted.js';
import { flowPathsOf, type FlowPath } from '../stimulus/flowPath.js';
import { senderNamed } from '../topology/senders.js';
import { ETHERNET_HEADER } from '../wire/ethernet.js';
import { KINDS, type KindId } from '../wire/kinds.js';
import { TOKEN_BYTES } from '../wire/token.js';
import { BOND, INNER_VLAN, MACVLAN, MACVTAP, VLAN, WORLD } from './world.js';

/** A way into the bond, which decides where the bond finds a frame's tag. */
export interface Way {
  readonly id:
    'untagged' | 'vlan-device' | 'tag-in-bytes' | 'stacked-vlan-devices' | 'macvlan' | 'macvtap' | 'after-recovery';
  /** For people. */
  readonly title: string;
  /** The device, in the namespace of the host, that its frames are sent on. */
  readonly device: string;
  /** What a bond owes with the option on. */
  readonly on: Profile;
  /** The option makes a difference for frames that go this way. */
  readonly tells: boolean;
  readonly craft: (options: Omit<CraftOptions, 'group'>) => readonly CraftedProbe[];
  /** Script that runs in the namespace of the host before its frames are sent. */
  readonly first?: (lacpSeconds: number) => string;
  /** Senders whose kernels may speak by themselves in it. */
  readonly speaks?: readonly string[];
}

/** All kinds that a bond forwards. */
const FORWARDED: readonly KindId[] = KINDS.filter(({ family }) => family !== 'link-local').map(({ id }) => id);

/** Frames of each kind: enough to see that a copy is not there once only. */
export const COPIES = 4;
/** From 20 flows on an empty leg is not chance (rule of the judge), so data must be seen on both. */
export const FLOWS = 20;
/** Octets of ARP that are left of 28: with the token behind them the packet is still shorter than ARP is. */
const CUT_ARP = 8;

/** What a bond owes that copies nothing. */
export const SINGLE_SENT: Profile = {
  name: 'single-sent',
  title: 'Every frame on exactly one leaf, as a bond without a replicator sends it',
  source: 'IEEE 802.1AX 6.2.4: each frame goes to one port',
  duties: rows(FORWARDED, everyForm('single')),
  deadLegMustBeSilent: true,
};

const IN_BYTES: Profile = {
  ...linuxBroadcastNeighbor,
  name: 'linux-broadcast-neighbor-tag-in-bytes',
  title: `${linuxBroadcastNeighbor.title}, tags in the frames' own bytes`,
  duties: rows(FORWARDED, everyForm('single')),
};

/** Throws RangeError where a sender has no address. */
export function pathOf(node: string): FlowPath {
  const [path] = flowPathsOf(WORLD, senderNamed(WORLD, node));
  if (path === undefined) throw new RangeError(`${node} has no address`);
  return path;
}

const every = (path: FlowPath, group: string, options: Omit<CraftOptions, 'group'>): readonly CraftedProbe[] =>
  craftKinds(path, FORWARDED, COPIES, { ...options, group });

/** An ARP frame that ends early: a bond that looks at the EtherType alone copies it all the same. */
function truncated(probe: CraftedProbe): CraftedProbe {
  const bytes = Buffer.from(probe.frame, 'hex');
  const cut = Buffer.concat([bytes.subarray(0, ETHERNET_HEADER + CUT_ARP), bytes.subarray(-TOKEN_BYTES)]);
  return { ...probe, kind: 'arp-other', group: 'truncated', frame: cut.toString('hex') };
}

export const WAYS: readonly Way[] = [
  {
    id: 'untagged',
    title: 'untagged, sent on the bond',
    device: BOND,
    on: linuxBroadcastNeighbor,
    tells: true,
    craft: (options) => [
      ...every(pathOf('host'), 'untagged', options),
      ...craftKinds(pathOf('host'), ['arp-request-broadcast'], COPIES, { ...options, group: '' }).map(truncated),
      ...craftFlows(pathOf('host'), 'data-udp', FLOWS, 'ports', { ...options, group: 'flows' }),
    ],
  },
  {
    id: 'vlan-device',
    title: 'sent on a VLAN device above the bond',
    device: `${BOND}.${VLAN}`,
    on: linuxBroadcastNeighbor,
    tells: true,
    craft: (options) => every(pathOf('vm1'), 'vlan-device', options),
  },
  {
    id: 'tag-in-bytes',
    title: 'sent on the bond with a tag in its own bytes',
    device: BOND,
    on: IN_BYTES,
    tells: false,
    craft: (options) => every(pathOf('vm2'), 'tag-in-bytes', options),
  },
  {
    id: 'stacked-vlan-devices',
    title: 'sent on a VLAN device above a VLAN device',
    device: `${BOND}.${VLAN}.${INNER_VLAN}`,
    on: linuxBroadcastNeighbor,
    tells: false,
    craft: (options) => {
      const path = pathOf('vm1');
      const inner = { tpid: 0x8100, vid: INNER_VLAN, pcp: 0, dei: false } as const;
      return every({ ...path, wireTags: [...path.wireTags, inner] }, 'stacked-vlan-devices', options);
    },
  },
  {
    id: 'macvlan',
    title: 'sent on a macvlan on the bond',
    device: MACVLAN,
    on: linuxBroadcastNeighbor,
    tells: true,
    craft: (options) => every(pathOf('vm3'), 'macvlan', options),
  },
  {
    id: 'macvtap',
    title: 'written to a macvtap on the bond',
    device: MACVTAP,
    on: linuxBroadcastNeighbor,
    tells: true,
    craft: (options) => every(pathOf('vm4'), 'macvtap', options),
  },
];

/** What a page says of a way for which a kernel has no device. */
export function untriedNote({ title, device }: Way): string {
  return `Frames ${title}: not tried, as there is no ${device} on this kernel.`;
}
