import { laid, redirected, type OwnLink } from '../../lab/ownLink.js';
import { LackError } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import type { Node } from '../../testbed/node.js';
import type { Attachment, Topology } from '../../topology/model.js';
import { passNetfilter } from '../bridgeNetfilter.js';

/** The host's bond of its legs. */
export const BOND = 'bond0';

/** Through it frames reach the host's own stack as if they came from a leg. */
export const DELIVER: OwnLink = { near: 'deliver', far: 'delivered' };

/** Numbers that the bridge may give to frames without a tag; the first is the kernel's own choice. */
const UNTAGGED = [1, 4094, 4093, 4092];

const vlanOf = ({ networks }: Topology, name: string): number | null =>
  networks.find((network) => network.name === name)?.vlan ?? null;

/** The VLAN in which the bridge has frames without a tag: one that no network has. */
export function untaggedVlan({ networks }: Topology): number {
  return UNTAGGED.find((vlan) => networks.every((network) => network.vlan !== vlan)) ?? 0;
}

/** VLANs of a port, as `bridge -batch` lines; each port has the untagged one from the start. */
function portLines(topology: Topology, port: string, attachment: Attachment, own = ''): readonly string[] {
  const line = (what: string, vlan: number, how = '') => `vlan ${what} dev ${port} vid ${vlan}${how}${own}`;
  const none = line('del', untaggedVlan(topology));
  switch (attachment.type) {
    case 'native':
      return [];
    case 'access': {
      const vlan = vlanOf(topology, attachment.network);
      return vlan === null ? [] : [none, line('add', vlan, ' pvid untagged')];
    }
    case 'trunk':
      return [none, ...attachment.networks.flatMap((name) => line('add', vlanOf(topology, name) ?? 0))];
  }
}

/** What each port of the bridge lets through, with its tags. */
export function vlanLines(topology: Topology): readonly string[] {
  const { networks, host, vms } = topology;
  return [
    ...networks.flatMap(({ vlan }) => (vlan === null ? [] : [`vlan add dev ${BOND} vid ${vlan}`])),
    ...vms.flatMap(({ hostPort, attachment }) => portLines(topology, hostPort, attachment)),
    ...portLines(topology, host.nic, host.attachment, ' self'),
  ];
}

/** A port joins a bond only while it is down; the bond sets it up. */
function bondLines({ legs }: Topology): readonly string[] {
  return legs.flatMap(({ hostPort }) => [`link set dev ${hostPort} down`, `link set dev ${hostPort} master ${BOND}`]);
}

/** Neighbor frames are flooded by every port, without snooping: group membership is not under test here. */
function bridgeLines(topology: Topology): readonly string[] {
  const { host, vms } = topology;
  return [
    `link add name ${host.nic} address ${host.mac} type bridge vlan_filtering 1 vlan_default_pvid ${untaggedVlan(topology)} mcast_snooping 0`,
    ...[BOND, ...vms.map(({ hostPort }) => hostPort)].map((port) => `link set dev ${port} master ${host.nic}`),
  ];
}

/** Throws LackError where the kernel has no bonding. */
async function makeBond(node: Node, variant: string): Promise<void> {
  const options = `type bond mode ${variant} miimon 100 lacp_rate fast xmit_hash_policy layer3+4`;
  const add = ['ip', 'link', 'add', 'name', BOND, ...options.split(' ')];
  const { code, stdout, stderr } = await node.exec(add, { mayFail: true });
  if (code !== 0)
    throw new LackError([
      {
        what: 'a bond of the kernel (module bonding; guests of --testbed vm have it)',
        command: add.join(' '),
        output: (stderr || stdout).trim(),
      },
    ]);
}

/** The host's end of a lab: a bond of the legs, and above it a bridge with VLANs, with the VMs and the host's stack. */
export async function wireHost(lab: Lab, variant: string): Promise<void> {
  const { topology } = lab;
  const { host } = topology;
  const node = lab.node(host.node);
  await makeBond(node, variant);
  await passNetfilter(node);
  await node.exec(['ip', '-batch', '-'], { input: [...bondLines(topology), ...bridgeLines(topology)].join('\n') });
  await node.exec(['bridge', '-batch', '-'], { input: vlanLines(topology).join('\n') });
  for (const step of [laid(host.node, DELIVER), ...redirected(host.node, DELIVER, host.nic)])
    await node.exec(step.argv, step.input === undefined ? {} : { input: step.input });
  const up = [BOND, host.nic].map((port) => `link set dev ${port} up`);
  await node.exec(['ip', '-batch', '-'], { input: up.join('\n') });
}
