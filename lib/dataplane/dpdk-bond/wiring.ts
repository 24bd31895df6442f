import { tableOf } from '../../lab/nftTable.js';
import { laid, redirected, type OwnLink } from '../../lab/ownLink.js';
import { LackError } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import type { Node } from '../../testbed/node.js';
import type { Topology } from '../../topology/model.js';
import { passNetfilter } from '../bridgeNetfilter.js';

/** Through it frames reach the host's own stack as if they came from a leg. */
export const DELIVER: OwnLink = { near: 'deliver', far: 'delivered' };

/** The link between the bridge of the VMs and the application; its far end is a port of DPDK. */
export const TO_APPLICATION: OwnLink = { near: 'app0', far: 'app1' };

/** Where heartbeats go instead of a leg: a link with no listener at its end. */
const NOWHERE: OwnLink = { near: 'heartsink', far: 'heartsunk' };

/** The neighbor that heartbeats are for, and the address that they come from: of this link alone (RFC 3927). */
export const HEART = { from: '169.254.255.1/30', to: '169.254.255.2', mac: '02:00:00:00:be:a7' } as const;

/** The table of rules that keep heartbeats from the legs. */
export const HEARTBEATS = 'everyleaf_heartbeats';

/** The application's interfaces for the legs, in their order. */
export const applicationPorts = ({ legs }: Pick<Topology, 'legs'>): readonly string[] =>
  legs.map((_, at) => `dpdk${at}`);

/**
 * Lines of `ip -batch`: what a container with an application of DPDK is given for its NICs, a macvlan in passthru mode on
 * each. Not the NIC itself: a packet socket also hears what others send on its interface, so that the application would
 * take the copies of a replicator for frames that came in.
 */
export function macvlanLines(topology: Pick<Topology, 'legs'>): readonly string[] {
  return topology.legs.flatMap(({ hostPort }, at) => {
    const name = applicationPorts(topology)[at] ?? '';
    return [
      `link add link ${hostPort} name ${name} type macvlan mode passthru`,
      `link set dev ${name} addrgenmode none`,
      `link set dev ${name} up`,
    ];
  });
}

/** It floods, without snooping: group membership is not under test here. */
function bridgeLines({ host, vms }: Topology): readonly string[] {
  return [
    `link set dev ${host.nic} type bridge mcast_snooping 0`,
    ...[...vms.map(({ hostPort }) => hostPort), TO_APPLICATION.near].map(
      (port) => `link set dev ${port} master ${host.nic}`,
    ),
    `link set dev ${host.nic} up`,
  ];
}

/** A script of nft(8). To drop them would be told to the application (ENOBUFS). */
export function heartbeatScript(ports: readonly string[]): string {
  return tableOf(
    'netdev',
    HEARTBEATS,
    ports.map(
      (port) =>
        ` chain at_${port} { type filter hook egress device "${port}" priority 0; ether daddr ${HEART.mac} fwd to "${NOWHERE.near}"; }`,
    ),
  );
}

/** Throws LackError where the kernel refuses. */
async function make(node: Node, what: string, argv: readonly string[], input?: string): Promise<void> {
  const { code, stdout, stderr } = await node.exec(argv, {
    mayFail: true,
    ...(input === undefined ? {} : { input }),
  });
  if (code === 0) return;
  const command = input === undefined ? argv.join(' ') : `${argv[0] ?? ''} '${input.trim()}'`;
  throw new LackError([{ what, command, output: (stderr || stdout).trim() }]);
}

/** The host's end of a lab, but for the application. */
export async function wireHost(lab: Lab): Promise<void> {
  const { topology } = lab;
  const { host } = topology;
  const node = lab.node(host.node);
  await make(node, 'a bridge', ['ip', 'link', 'add', 'name', host.nic, 'address', host.mac, 'type', 'bridge']);
  await passNetfilter(node);
  for (const step of [laid(host.node, TO_APPLICATION), laid(host.node, DELIVER)])
    await node.exec(step.argv, step.input === undefined ? {} : { input: step.input });
  await node.exec(['ip', '-batch', '-'], { input: bridgeLines(topology).join('\n') });
  await make(node, 'a macvlan in mode passthru', ['ip', '-batch', '-'], macvlanLines(topology).join('\n'));
  for (const step of redirected(host.node, DELIVER, host.nic)) await node.exec(step.argv);
}

/** ms. An LACPDU is due every 900 ms, and leaves with the next frame. */
const BEAT_MS = 200;

/**
 * Gives the application something to send, all the time: in mode 4 the bond sends LACPDUs only when its application
 * transmits, and testpmd does so only for a frame that it was given. Behind it these frames are taken away again.
 */
export async function startHeartbeats(lab: Lab): Promise<void> {
  const { topology } = lab;
  const { node: name } = topology.host;
  const node = lab.node(name);
  const { near } = TO_APPLICATION;
  const step = laid(name, NOWHERE);
  await node.exec(step.argv, step.input === undefined ? {} : { input: step.input });
  await make(node, 'rules that take heartbeats away', ['nft', '-f', '-'], heartbeatScript(applicationPorts(topology)));
  const lines = [
    `address add ${HEART.from} dev ${near}`,
    `neighbour replace ${HEART.to} lladdr ${HEART.mac} dev ${near} nud permanent`,
  ];
  await node.exec(['ip', '-batch', '-'], { input: lines.join('\n') });
  await node.spawn(['ping', '-n', '-q', '-i', `${BEAT_MS / 1000}`, '-I', near, HEART.to]);
}
