import { parseEndpoint } from './names.js';
import type { Problem } from './problem.js';
import { INTERFACE_NAME_MAX, type TopologyDocument } from './schema.js';
import type { Path, Source } from './source.js';

/** The bridge of a leaf. */
const BRIDGE = 'br0';
const GATEWAY_PREFIX = 'gw-';
/** A leaf's port to a second host. */
export const OTHER_HOST_PORT = 'other-host';
/** What a leaf of the kernel's own parts has (`lib/leaf/linux`): its ends of gateways, its bond, and another host's end. */
const ADDED_ON_LEAF = /^(?:svi\d+|lag[01]|from-other-host)$/;
/**
 * Links that captures, controls and data planes add: `lib/capture/legTaps.ts`, `lib/control/ovs/held/`,
 * `lib/control/tamper/`, `Plane.deliver`, `lib/dataplane/{chain,dpdk-bond,macvlan,ovs-offload,sriov,vxlan}`.
 */
const ADDED_ON_HOST =
  /^(?:(?:mirror|watch|hold|held|tamper|tampered)\d+|tampersink|tampersunk|tampertry|tampertried|deliver|delivered|(?:macvlan|below|qbr|qvb|qvo)\d+|vxlan0|tenants|tenant[01]|app[01]|dpdk\d+|heartsink|heartsunk|sw-host0|tried0|(?:pf|wire|vf)[01])$/;

/** The gateway's interface (SVI) of a network on every leaf. */
export function gatewayPort(network: string): string {
  return `${GATEWAY_PREFIX}${network}`.slice(0, INTERFACE_NAME_MAX);
}

/** Names of interfaces that a lab makes by itself, where the topology uses them for something else. */
export function labNameProblems(doc: TopologyDocument, source: Source): Problem[] {
  const problems: Problem[] = [];
  const say = (kind: Problem['kind'], path: Path, text: string, hint: string): void => {
    problems.push({ kind, ...source.placeOf(path), text, hint });
  };
  const gateways = new Map<string, string>();
  for (const [i, { name }] of doc.networks.entries()) {
    const other = gateways.get(gatewayPort(name));
    // A duplicate name is reported as a duplicate.
    if (other !== undefined && other !== name) {
      say(
        'duplicate-gateway-port',
        ['networks', i, 'name'],
        `the gateways of "${other}" and "${name}" would both be interface "${gatewayPort(name)}" of a leaf`,
        `make them differ in their first ${INTERFACE_NAME_MAX - GATEWAY_PREFIX.length} characters`,
      );
    } else gateways.set(gatewayPort(name), name);
  }
  const hostPorts: readonly (readonly [Path, string])[] = [
    ...(doc.host.nic === undefined ? [] : [[['host', 'nic'], doc.host.nic] as const]),
    ...doc.legs.map(({ from }, i) => [['legs', i, 'from'], parseEndpoint(from)?.port ?? ''] as const),
    ...doc.vms.map(({ name }, i) => [['vms', i, 'name'], name] as const),
  ];
  for (const [path, name] of hostPorts.filter(([, port]) => ADDED_ON_HOST.test(port))) {
    say(
      'host-port-reserved',
      path,
      `"${name}" is a port that a lab may add on the host for its captures and mutants`,
      'rename it',
    );
  }
  for (const [i, { to }] of doc.legs.entries()) {
    const port = parseEndpoint(to)?.port ?? '';
    if ([BRIDGE, OTHER_HOST_PORT].includes(port) || port.startsWith(GATEWAY_PREFIX))
      say(
        'leaf-port-reserved',
        ['legs', i, 'to'],
        `"${port}" is a port that every leaf has: its bridge is ${BRIDGE}, its gateways are ${GATEWAY_PREFIX}NETWORK, and another host is behind ${OTHER_HOST_PORT}`,
        'rename it',
      );
    else if (ADDED_ON_LEAF.test(port))
      say(
        'leaf-port-reserved',
        ['legs', i, 'to'],
        `"${port}" is a port that a leaf may have that is made of the kernel's own parts`,
        'rename it',
      );
  }
  return problems;
}
