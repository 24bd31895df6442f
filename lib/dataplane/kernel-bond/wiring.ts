import { laid, redirected, type OwnLink } from '../../lab/ownLink.js';
import { LackError } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import type { Node } from '../../testbed/node.js';
import type { Attachment, Topology, Vm } from '../../topology/model.js';
import { passNetfilter } from '../bridgeNetfilter.js';
import type { BondMode } from './traits.js';

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

/** The same for the port of a VM; none where it is as the bridge makes each. */
export function vmVlanLines(topology: Topology, { hostPort, attachment }: Vm): readonly string[] {
  return portLines(topology, hostPort, attachment);
}

/** What each port of the bridge lets through, with its tags. */
export function vlanLines(topology: Topology): readonly string[] {
  const { networks, host, vms } = topology;
  return [
    ...networks.flatMap(({ vlan }) => (vlan === null ? [] : [`vlan add dev ${BOND} vid ${vlan}`])),
    ...vms.flatMap((vm) => vmVlanLines(topology, vm)),
    ...portLines(topology, host.nic, host.attachment, ' self'),
  ];
}

/** A port joins a bond only while it is down; the bond sets it up. */
function memberLines({ host, legs, vms }: Topology): readonly string[] {
  return [
    ...legs.flatMap(({ hostPort }) => [`link set dev ${hostPort} down`, `link set dev ${hostPort} master ${BOND}`]),
    ...[BOND, ...vms.map(({ hostPort }) => hostPort)].map((port) => `link set dev ${port} master ${host.nic}`),
  ];
}

/** Throws LackError where the kernel cannot make such a link. */
async function makeLink(node: Node, what: string, options: string): Promise<void> {
  const add = ['ip', 'link', 'add', 'name', ...options.split(' ')];
  const { code, stdout, stderr } = await node.exec(add, { mayFail: true });
  if (code === 0) return;
  const output = (stderr || stdout).trim();
  throw new LackError([{ what: `${what} (guests of --testbed vm have it)`, command: add.join(' '), output }]);
}

/** Options with which the bond is made; LACP's rate, and a hash policy, only where the mode takes them. */
export function bondOptions({ mode, policy }: BondMode): string {
  const lacp = mode === '802.3ad' ? ' lacp_rate fast' : '';
  return `mode ${mode} miimon 100${lacp}${policy === null ? '' : ` xmit_hash_policy ${policy}`}`;
}

/** The host's end of a lab: a bond of the legs, and above it a bridge with VLANs, with the VMs and the host's stack. */
export async function wireHost(lab: Lab, mode: BondMode): Promise<void> {
  const { topology } = lab;
  const { host } = topology;
  const node = lab.node(host.node);
  await makeLink(node, 'a bond of the kernel', `${BOND} type bond ${bondOptions(mode)}`);
  // It floods, without snooping: group membership is not under test here.
  const bridge = `${host.nic} address ${host.mac} type bridge vlan_filtering 1 vlan_default_pvid ${untaggedVlan(topology)}`;
  await makeLink(node, 'a bridge with VLANs', `${bridge} mcast_snooping 0`);
  await passNetfilter(node);
  await node.exec(['ip', '-batch', '-'], { input: memberLines(topology).join('\n') });
  await node.exec(['bridge', '-batch', '-'], { input: vlanLines(topology).join('\n') });
  for (const step of [laid(host.node, DELIVER), ...redirected(host.node, DELIVER, host.nic)])
    await node.exec(step.argv, step.input === undefined ? {} : { input: step.input });
  const up = [BOND, host.nic].map((port) => `link set dev ${port} up`);
  await node.exec(['ip', '-batch', '-'], { input: up.join('\n') });
}
