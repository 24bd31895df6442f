import { linuxBroadcastNeighbor } from '../profile/table/linuxBroadcastNeighbor.js';
import { TestbedError } from '../testbed/error.js';
import { formatIpv6, linkLocalFromMac, parseMac } from '../wire/address.js';
import { craftFlows, craftKinds } from '../stimulus/crafted.js';
import { COPIES, FLOWS, pathOf, type Way } from './ways.js';
import { NO_LACP, stateFileOf, untilAllDistribute, untilStopped } from './wiring.js';
import { BOND, INNER_VLAN, VLAN, WORLD } from './world.js';

/**
 * How long after a port is back announcements are waited for, s. The bond makes them in the next round of its monitor
 * (miimon, 100 ms): this is thirty of them.
 */
const ANNOUNCED_S = 3;

/** How often each port is shut and opened: whether a kernel announces on all of them can be chance. */
const TIMES = 2;

/** The legs in the order in which their ports are shut and opened. */
const ORDER = Array.from({ length: TIMES }, () => WORLD.legs).flat();

/** A device of the host with addresses of its own, which the kernel may announce. */
export interface Announcer {
  readonly device: string;
  /** Tags that its frames have on the wire, the outer one first. */
  readonly vlans: readonly number[];
  readonly ipv4: string;
  /** The one that is given to it, and the one that its kernel derives from its MAC. */
  readonly ipv6: readonly string[];
}

const linkLocal = formatIpv6(linkLocalFromMac(parseMac(WORLD.host.mac)));

const announcer = (vlans: readonly number[], ipv4: string, ipv6: string): Announcer => ({
  device: [BOND, ...vlans].join('.'),
  vlans,
  ipv4,
  ipv6: [ipv6, linkLocal],
});

/** The bond, a VLAN device on it, and one on that, which all have the bond's MAC. */
export const ANNOUNCERS: readonly Announcer[] = [
  announcer([], '198.51.100.10', '2001:db8:1::10'),
  announcer([VLAN], '192.0.2.10', '2001:db8:20::a'),
  announcer([VLAN, INNER_VLAN], '203.0.113.10', '2001:db8:30::a'),
];

/** No detection of duplicates and no router: the kernel has nothing to say but its announcements. */
const addressing = ({ device, ipv4, ipv6 }: Announcer): readonly string[] => [
  ...['accept_dad', 'accept_ra', 'router_solicitations', 'disable_ipv6'].map(
    (name) => `echo 0 > /proc/sys/net/ipv6/conf/${device}/${name}`,
  ),
  `ip addr replace ${ipv4}/24 dev ${device}`,
  `ip addr replace ${ipv6[0] ?? ''}/64 dev ${device} nodad`,
];

/** Each port of the bond in turn: shut until it no longer distributes, opened again until all do. */
export function shutAndOpened(lacpSeconds: number): readonly string[] {
  return [
    `trap '[ $? != ${NO_LACP} ] || echo "${GAVE_UP}$waits, ${lacpSeconds} s"' EXIT`,
    ...ORDER.flatMap(({ hostPort }) => [
      'began=$(date +%s%N)',
      `ip link set ${hostPort} down`,
      `waits="${hostPort} to stop"`,
      untilStopped(hostPort, lacpSeconds),
      `shut=$(cat ${stateFileOf(hostPort)})`,
      `ip link set ${hostPort} up`,
      `waits="all ports to distribute after ${hostPort} was opened"`,
      untilAllDistribute(lacpSeconds),
      `sleep ${ANNOUNCED_S}`,
      `echo "back ${hostPort} $shut $began $(date +%s%N)"`,
    ]),
  ];
}

/** What the script says last where LACP did not do what it waited for, before what that was. */
const GAVE_UP = 'gave up waiting for ';

/** What the script waited for in vain; null where it did not. */
export function waitedInVain(said: string): string | null {
  return said.split('\n').flatMap((line) => (line.startsWith(GAVE_UP) ? [line.slice(GAVE_UP.length)] : []))[0] ?? null;
}

const recoveries = (lacpSeconds: number): string =>
  ['set -e', ...ANNOUNCERS.flatMap(addressing), ...shutAndOpened(lacpSeconds)].join('\n');

/** Frames on the bond after each of its ports was gone and came back. */
export const AFTER_RECOVERY: Way = {
  id: 'after-recovery',
  title: 'sent on the bond after each of its ports was shut and opened again',
  device: BOND,
  on: linuxBroadcastNeighbor,
  tells: true,
  craft: (options) => [
    ...craftKinds(pathOf('host'), ['arp-request-broadcast', 'ns-multicast'], COPIES, { ...options, group: '' }),
    ...craftFlows(pathOf('host'), 'data-udp', FLOWS, 'ports', { ...options, group: 'flows' }),
  ],
  first: recoveries,
  speaks: [WORLD.host.node],
};

/** A port that was shut and is back. Times are of the guest, as those of its captures, ns. */
export interface Recovery {
  readonly hostPort: string;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** Reads what the script printed. Throws TestbedError where a port was not gone or is not back. */
export function recoveriesIn(said: string): readonly Recovery[] {
  const found = [...said.matchAll(/^back (\S+) \d+ (\d+) (\d+)$/gm)].map(
    ([, hostPort = '', from = '', to = '']): Recovery => ({ hostPort, fromNs: BigInt(from), toNs: BigInt(to) }),
  );
  const ports = ORDER.map(({ hostPort }) => hostPort);
  if (found.map(({ hostPort }) => hostPort).join() !== ports.join())
    throw new TestbedError(
      `not every port of the bond was shut and came back: ${said.trim().split('\n').at(-1) ?? ''}`,
    );
  return found;
}
