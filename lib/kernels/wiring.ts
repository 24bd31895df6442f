import { SENDER } from './sender.js';
import { BOND, INNER_VLAN, MACVLAN, MACVTAP, VLAN, WORLD } from './world.js';

/** All flags of a port that collects and distributes, with a fast partner (IEEE 802.1AX 6.4.2.3). */
export const DISTRIBUTING = 63;

/** Where the sender's program is in the guest. */
export const SENDER_FILE = '/run/send.pl';

const LACP_OPTIONS = 'mode 802.3ad miimon 100 lacp_rate fast';

/** The reference of a port whose LACP is up, as the kernel's own files tell it: `num_ports` stays 2 for seconds after. */
export const stateFileOf = (hostPort: string): string =>
  `/sys/class/net/${hostPort}/bonding_slave/ad_actor_oper_port_state`;
/**
 * That the port has carrier, for the bond's monitor: of one that is shut Linux 6.17.13 leaves the state as it was, at 63,
 * where 6.12 and 7.3.4 change it.
 */
const monitorFileOf = (hostPort: string): string => `/sys/class/net/${hostPort}/bonding_slave/mii_status`;

/** For the shell: true while the port distributes. */
const distributes = (hostPort: string): string =>
  `"$(echo $(cat ${stateFileOf(hostPort)} ${monitorFileOf(hostPort)}))" = "${DISTRIBUTING} up"`;

/** What `set -e` ends with when the bond's ports never distributed. */
export const NO_LACP = 9;

/** The same where the guest's own tool is too old to say anything of the option. */
export const OLD_TOOL = 8;

/** Writes a text into a file of the guest, whatever is in it. */
export function fileOf(path: string, text: string): string {
  return `cat > ${path} <<'END-OF-FILE'\n${text}\nEND-OF-FILE`;
}

/** Links of the host and the leaves; nobody's kernel speaks by itself. */
function wires(): readonly string[] {
  const { host, leaves, legs } = WORLD;
  return [
    ...[host.node, ...leaves.map(({ name }) => name)].flatMap((node) => [
      `ip netns add ${node}`,
      `ip netns exec ${node} sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1`,
    ]),
    ...legs.map(
      ({ hostPort, hostMac, leaf, leafPort, leafMac }) =>
        `ip link add ${hostPort} netns ${host.node} address ${hostMac} type veth peer name ${leafPort} netns ${leaf} address ${leafMac}`,
    ),
  ];
}

/** Each leaf is a bond with one port, with the system ID and key that all of them say. */
function leafBonds(): readonly string[] {
  const { systemId, key } = WORLD.lacp;
  return WORLD.legs.flatMap(({ leaf, leafPort }) => [
    `ip -n ${leaf} link add bond0 type bond ${LACP_OPTIONS} ad_actor_system ${systemId} ad_user_port_key ${key}`,
    `ip -n ${leaf} link set ${leafPort} master bond0`,
    `ip -n ${leaf} link set bond0 up`,
  ]);
}

/**
 * Waits, in the namespace of the host, until a test of the shell is true, for at most so many seconds. It looks at the kernel's own files: `ip` takes
 * the lock of all links, and a kernel that finds it taken leaves its announcements out (bond_3ad.c,
 * ad_cond_set_peer_notif).
 */
function untilState(test: string, seconds: number): string {
  return `end=$(( $(date +%s) + ${seconds} ))
      until [ ${test} ]; do
        [ "$(date +%s)" -lt "$end" ] || exit ${NO_LACP}
        sleep 0.1
      done`;
}

/** Waits until all ports of the bond distribute, or until this one does no more. */
export const untilAllDistribute = (seconds: number): string =>
  untilState(WORLD.legs.map(({ hostPort }) => distributes(hostPort)).join(' ] && [ '), seconds);
export const untilStopped = (hostPort: string, seconds: number): string =>
  untilState(`! ${distributes(hostPort)}`, seconds);

/**
 * A macvlan or macvtap on the bond, with the MAC of its VM. A kernel without such devices goes without: what is sent on them is
 * then not tried.
 */
function aboveBond(device: string): string {
  const { node } = WORLD.host;
  const mac = WORLD.vms.find(({ nic }) => nic === device)?.mac ?? '';
  const type = device === MACVTAP ? 'macvtap' : 'macvlan';
  const add = `ip -n ${node} link add link ${BOND} name ${device} address ${mac} type ${type} mode bridge`;
  return `if ${add} 2>/dev/null; then ip -n ${node} link set ${device} up; fi`;
}

/**
 * Wires a guest and waits until the bond's ports distribute. Prints what the kernel said of the option: it must be set
 * before the bond has a port.
 *
 * @param option whether to switch `broadcast_neighbor` on
 * @param lacpSeconds how long LACP may take
 */
export function wiringScript(option: boolean, lacpSeconds: number): string {
  const { host, legs } = WORLD;
  const ip = `ip -n ${host.node}`;
  return [
    'set -e',
    `ip link help bond 2>&1 | grep -q broadcast_neighbor || exit ${OLD_TOOL}`,
    fileOf(SENDER_FILE, SENDER),
    ...wires(),
    ...leafBonds(),
    `${ip} link add ${BOND} address ${host.mac} type bond ${LACP_OPTIONS} xmit_hash_policy layer3+4`,
    option
      ? `if ${ip} link set ${BOND} type bond broadcast_neighbor on; then echo "exit 0"; else echo "exit $?"; fi`
      : 'echo "not asked for"',
    ...legs.map(({ hostPort }) => `${ip} link set ${hostPort} master ${BOND}`),
    `${ip} link set ${BOND} up`,
    `${ip} link add link ${BOND} name ${BOND}.${VLAN} type vlan id ${VLAN}`,
    `${ip} link add link ${BOND}.${VLAN} name ${BOND}.${VLAN}.${INNER_VLAN} type vlan id ${INNER_VLAN}`,
    ...[MACVLAN, MACVTAP].map(aboveBond),
    `${ip} link set ${BOND}.${VLAN} up`,
    `${ip} link set ${BOND}.${VLAN}.${INNER_VLAN} up`,
    `ip netns exec ${host.node} sh -c '${untilAllDistribute(lacpSeconds)}'`,
  ].join('\n');
}
