import { VIRTIO_QUEUES } from '../topology/virtio.js';
import { moveInterfaces } from './interfaces.js';
import { cableEnds, type CableEnd } from '../testbed/cables.js';

/** A locally administered one, which the lab replaces. */
const macOf = ({ cable, end }: CableEnd): string => `02:00:00:00:0${end === 'a' ? '9' : 'a'}:0${cable}`;

/** What QEMU calls a NIC's backend is what the guest calls the NIC, and what the tap is called. */
const ENDS = cableEnds();

/** Frames that a tap holds while QEMU does not read it: more than a lab sends at once. The kernel's own number is 500 (drivers/net/tun.c). */
const TAP_FRAMES = 10_000;

/**
 * Makes the taps of all cables in the network namespace in which it runs, joins the two of each cable, and makes way for the
 * program of its arguments. A bridge would eat LACPDUs (IEEE 802.1Q 8.6.3); what is redirected stays as it is. With the namespace goes
 * everything. Not by `matchall`, which some kernels are built without. Nothing here speaks by itself.
 */
export const CABLES_OUTSIDE = `set -e
for one in all default; do
  file=/proc/sys/net/ipv6/conf/$one/disable_ipv6
  [ ! -e $file ] || echo 1 >$file
done
ip -batch - <<ENDS
${ENDS.flatMap(({ name }) => [
  `tuntap add dev ${name} mode tap multi_queue vnet_hdr`,
  `link set dev ${name} txqueuelen ${TAP_FRAMES} up`,
]).join('\n')}
ENDS
tc -batch - <<ENDS
${ENDS.map(({ name }) => `qdisc add dev ${name} clsact`).join('\n')}
${ENDS.map(
  ({ name, other }) =>
    `filter add dev ${name} ingress protocol all u32 match u32 0 0 action mirred egress redirect dev ${other}`,
).join('\n')}
ENDS
exec "$@"`;

/**
 * Mbit/s, as a veth has it. Without one a virtio NIC has none, and a bond in 802.3ad leaves it down (drivers/net/bonding/bond_main.c,
 * bond_update_speed_duplex).
 */
const SPEED = 10_000;

/**
 * Options of QEMU for one end of a cable: only a tap has several queues there. Vectors: two for each pair of queues, one for its control
 * queue and one for changes (hw/virtio/virtio-net-pci.c). Without its ROM, which is for booting, and not on every machine.
 */
const nicOptions = (end: CableEnd): readonly string[] => [
  ...['-netdev', `tap,id=${end.name},ifname=${end.name},queues=${VIRTIO_QUEUES},script=no,downscript=no`],
  '-device',
  `virtio-net-pci,netdev=${end.name},mac=${macOf(end)},mq=on,vectors=${2 * VIRTIO_QUEUES + 2},speed=${SPEED},duplex=full,romfile=`,
];

/** A guest that goes on from its snapshot would have QEMU announce each NIC by RARP on the cables (net/announce.c). */
const SILENT = ['-global', 'migration.announce-rounds=0'];

export const CABLE_DEVICES: readonly string[] = [...SILENT, ...ENDS.flatMap(nicOptions)];

export const MOVE_CABLES: readonly string[] = moveInterfaces(ENDS.map((end) => ({ mac: macOf(end), name: end.name })));
