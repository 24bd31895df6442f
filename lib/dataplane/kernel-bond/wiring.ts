import { BOND, bondLines, makeBond, makeLink } from '../../bonding/make.js';
import type { BondMode } from '../../bonding/mode.js';
import { laid, redirected, type OwnLink } from '../../lab/ownLink.js';
import type { Lab } from '../../testbed/lab.js';
import type { Attachment, Topology, Vm } from '../../topology/model.js';
import { untaggedVlan } from '../../topology/untaggedVlan.js';
import { passNetfilter } from '../bridgeNetfilter.js';

/** Through it frames reach the host's own stack as if they came from a leg. */
export const DELIVER: OwnLink = { near: 'deliver', far: 'delivered' };

const vlanOf = ({ networks }: Topology, name: string): number | null =>
  networks.find((network) => network.name === name)?.vlan ?? null;

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

/** The legs in the bond; the bond and the VMs in the bridge. */
function memberLines(topology: Topology): readonly string[] {
  const { host, vms } = topology;
  return [
    ...bondLines(topology),
    ...[BOND, ...vms.map(({ hostPort }) => hostPort)].map((port) => `link set dev ${port} master ${host.nic}`),
  ];
}

/** The host's end of a lab: a bond of the legs, and above it a bridge with VLANs, with the VMs and the host's stack. */
export async function wireHost(lab: Lab, mode: BondMode): Promise<void> {
  const { topology } = lab;
  const { host } = topology;
  const node = lab.node(host.node);
  await makeBond(node, mode);
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
