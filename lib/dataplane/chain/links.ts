import { vmPort } from '../../ovs/bond/hostBridge.js';
import type { BridgePort } from '../../ovs/bridge.js';
import { LackError } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import type { Topology } from '../../topology/model.js';

/** What a VM's frames pass between its NIC and the switch, by the names that OpenStack gives these links. */
export interface Inline {
  /** Name of the VM's node. */
  readonly vm: string;
  /** The host's end of the link to the VM: a port of the firewall's bridge. */
  readonly hostPort: string;
  /** The firewall's bridge. */
  readonly bridge: string;
  /** Its other port. */
  readonly near: string;
  /** The other end of that: the VM's port of the switch. */
  readonly far: string;
}

export function inlineIn({ vms }: Pick<Topology, 'vms'>): readonly Inline[] {
  return vms.map(({ node, hostPort }, index) => ({
    vm: node,
    hostPort,
    bridge: `qbr${index}`,
    near: `qvb${index}`,
    far: `qvo${index}`,
  }));
}

/** The ports of the switch that stand for the VMs' own. */
export function switchPorts(topology: Topology): readonly BridgePort[] {
  const inline = inlineIn(topology);
  return topology.vms.map((vm, index) => vmPort(topology, { ...vm, hostPort: inline[index]?.far ?? vm.hostPort }));
}

/**
 * Lines of `ip -batch`. A bridge without VLANs takes tags for a part of the frame, so trunk VMs pass it, too. No link sends
 * anything by itself, and groups are not under test here.
 */
export function linkLines(inline: readonly Inline[]): readonly string[] {
  return inline.flatMap(({ hostPort, bridge, near, far }) => [
    `link add name ${bridge} type bridge mcast_snooping 0`,
    `link add name ${near} type veth peer name ${far}`,
    ...[bridge, near, far].map((link) => `link set dev ${link} addrgenmode none`),
    ...[hostPort, near].map((port) => `link set dev ${port} master ${bridge}`),
    ...[bridge, near, far].map((link) => `link set dev ${link} up`),
  ]);
}

/** Makes the links. Throws LackError where the kernel has no bridge. */
export async function layLinks(lab: Lab): Promise<void> {
  const { topology } = lab;
  const input = linkLines(inlineIn(topology)).join('\n');
  const { code, stdout, stderr } = await lab
    .node(topology.host.node)
    .exec(['ip', '-batch', '-'], { input, mayFail: true });
  if (code !== 0)
    throw new LackError([
      { what: 'a bridge in front of the switch', command: `ip '${input}'`, output: stderr || stdout },
    ]);
}
