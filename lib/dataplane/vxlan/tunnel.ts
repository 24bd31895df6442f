import type { AuditFact } from '../../evidence/types.js';
import type { Topology } from '../../topology/model.js';

/** The VTEP, the bridge of the tenants behind it, and the link of one of them: near end and port of that bridge. */
const VTEP = 'vxlan0';
const BRIDGE = 'tenants';
export const TENANT = 'tenant0';
const PORT = 'tenant1';

/** VXLAN Network Identifier, and the port of RFC 7348. */
const VNI = 7;
const UDP_PORT = 4789;

/** The other VTEP, behind the gateway: a documentation address that nothing answers for. */
export const REMOTE = '203.0.113.9';

/** Where the VTEP's packets are from, and the gateway that they go through. Throws RangeError for a host without a network. */
function ends({ host, networks }: Topology): { readonly local: string; readonly gateway: string } {
  const [address] = host.addresses;
  const gateway = networks.find(({ name }) => name === address?.network)?.gateway4;
  if (address === undefined || gateway === undefined)
    throw new RangeError(`${host.node} has no network in which it could be a VTEP`);
  return { local: address.ipv4, gateway };
}

/** Lines of `ip -batch`, for a host whose own stack has its addresses. */
export function tunnelLines(topology: Topology): readonly string[] {
  const { local, gateway } = ends(topology);
  return [
    `route add ${REMOTE}/32 via ${gateway} dev ${topology.host.nic}`,
    `link add name ${VTEP} type vxlan id ${VNI} local ${local} remote ${REMOTE} dstport ${UDP_PORT} nolearning`,
    `link add name ${BRIDGE} type bridge mcast_snooping 0`,
    `link add name ${TENANT} type veth peer name ${PORT}`,
    ...[VTEP, PORT].map((port) => `link set dev ${port} master ${BRIDGE}`),
    ...[VTEP, PORT, TENANT, BRIDGE].map((port) => `link set dev ${port} up`),
  ];
}

/** What `ip -j -d link show type vxlan` says of one (ip-link(8)). */
interface Shown {
  readonly ifname?: string;
  readonly master?: string;
  readonly flags?: readonly string[];
  readonly linkinfo?: {
    readonly info_data?: {
      readonly id?: number;
      readonly remote?: string;
      readonly local?: string;
      readonly port?: number;
    };
  };
}

/** P15: the VTEP is as the lab made it. */
export function tunnelFact(text: string, topology: Topology): AuditFact {
  const shown = text.trim() === '' ? [] : (JSON.parse(text) as readonly Shown[]);
  const found = shown.find(({ ifname }) => ifname === VTEP);
  const data = found?.linkinfo?.info_data;
  const is = (value: unknown, wanted: unknown, what: string) =>
    value === wanted ? [] : [`${what} is ${typeof value === 'string' || typeof value === 'number' ? value : 'none'}`];
  const wrong =
    found === undefined
      ? ['it is not there']
      : [
          ...is(data?.id, VNI, 'its VNI'),
          ...is(data?.local, ends(topology).local, 'its address'),
          ...is(data?.remote, REMOTE, 'its remote'),
          ...is(data?.port, UDP_PORT, 'its port'),
          ...is(found.master, BRIDGE, 'its bridge'),
          ...(found.flags?.includes('UP') === true ? [] : ['it is down']),
        ];
  return {
    name: 'VTEP',
    ok: wrong.length === 0,
    value: wrong.length === 0 ? `VNI ${VNI} to ${REMOTE}` : wrong.join(', '),
    command: `ip -j -d link show dev ${VTEP}`,
  };
}
