import { bondOptions, type BondMode } from '../../bonding/mode.js';
import { laid, redirected, type OwnLink } from '../../lab/ownLink.js';
import { switchSideMac } from '../../lab/links.js';
import { tableOf } from '../../lab/nftTable.js';
import { LackError, lacking } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import { ownVf, type SriovNics } from '../../testbed/nics.js';
import type { Sender, Topology, Vm } from '../../topology/model.js';
import { sendersOf } from '../../topology/senders.js';

/** Through it frames reach the host's own stack as if they came from a leg. */
export const DELIVER: OwnLink = { near: 'deliver', far: 'delivered' };

/**
 * The VM's end of the link that the lab made between it and the host. What comes in there reaches the VM's bond as if it came
 * from a NIC; nothing that the VM sends goes there.
 */
export const SIDE_DOOR = 'sidedoor';

/** Tables of nft(8). */
const CABLES = 'everyleaf_cables';
const TAGGED_ONLY = 'everyleaf_tagged';
/** Behind whatever else looks at frames there. */
const PRIORITY = 300;

/** The NICs of a lab. Throws LackError where it has none. */
export function nicsOf({ sriov }: Lab): SriovNics {
  if (sriov !== undefined) return sriov;
  const { lack } = lacking({
    what: 'NICs with SR-IOV',
    command: 'everyleaf run --testbed vm',
    output: 'the lab has none',
  });
  throw new LackError([lack]);
}

/** The VLAN into which the NIC puts what this sender sends; null where it does not, or where the sender tags by itself. */
export function vlanInNic({ networks }: Topology, { attachment }: Sender): number | null {
  return attachment.type === 'access' ? (networks.find(({ name }) => name === attachment.network)?.vlan ?? null) : null;
}

/** What the host says of each VF, in the order of the senders: its MAC, that it may use no other, and its VLAN. */
export function vfLines(topology: Topology, { nics }: Pick<SriovNics, 'nics'>): readonly string[] {
  const lines = sendersOf(topology).map((sender, n) => {
    const vlan = vlanInNic(topology, sender);
    return `vf ${n} mac ${sender.mac} spoofchk on${vlan === null ? '' : ` vlan ${vlan}`}`;
  });
  return nics.flatMap(({ pf }) => lines.map((line) => `link set dev ${pf} ${line}`));
}

/**
 * A bond with this name and MAC above these ports. They take the MAC first: a bond has that of its first port, and a VF that was
 * not asked takes the MAC that the host said only with its link, and the bond then has another one. The first port is the
 * one in use, so that all senders use the same leg.
 */
export function bondLines(name: string, mac: string, ports: readonly string[], mode: BondMode): readonly string[] {
  return [
    `link add name ${name} address ${mac} type bond ${bondOptions(mode)}`,
    ...ports.flatMap((port) => [`link set dev ${port} address ${mac}`, `link set dev ${port} master ${name}`]),
    ...(mode.mode === 'active-backup' ? [`link set dev ${name} type bond primary ${ports[0] ?? ''}`] : []),
    `link set dev ${name} up`,
  ];
}

/**
 * Devices above a bond for the VLANs in which its VM tags by itself. Nothing speaks there: they tell the NIC that the VM is in
 * these VLANs, as a filter.
 */
function vlanLines({ networks }: Topology, { nic, attachment }: Vm): readonly string[] {
  if (attachment.type !== 'trunk') return [];
  const own = networks.filter(({ name, vlan }) => vlan !== null && attachment.networks.includes(name));
  return own.flatMap(({ vlan }) => [
    `link add link ${nic} name vlan${vlan} type vlan id ${vlan}`,
    `link set dev vlan${vlan} addrgenmode none`,
    `link set dev vlan${vlan} up`,
  ]);
}

/**
 * A VM that tags by itself has nothing without a tag. A NIC cannot keep that from its function: it gives one without a VLAN of
 * its own all that has none.
 */
function untaggedLost({ nics }: Pick<SriovNics, 'nics'>): string {
  const chains = nics.map(
    (_, nic) =>
      ` chain of${nic} {\n  type filter hook ingress device "${ownVf(nic)}" priority 0;\n  @ll,96,16 != 0x8100 drop\n }`,
  );
  return tableOf('netdev', TAGGED_ONLY, chains);
}

async function wireVm(lab: Lab, vm: Vm, mode: BondMode, nics: SriovNics): Promise<void> {
  const node = lab.node(vm.node);
  const door: OwnLink = { near: vm.hostPort, far: SIDE_DOOR };
  const lines = [
    `link set dev ${vm.nic} down`,
    `link set dev ${vm.nic} name ${SIDE_DOOR} address ${switchSideMac(vm.mac)}`,
    `link set dev ${SIDE_DOOR} up`,
    ...bondLines(
      vm.nic,
      vm.mac,
      nics.nics.map((_, nic) => ownVf(nic)),
      mode,
    ),
  ];
  await node.exec(['ip', '-batch', '-'], { input: lines.join('\n') });
  if (vm.attachment.type === 'trunk') await node.exec(['nft', '-f', '-'], { input: untaggedLost(nics) });
  for (const { argv } of redirected(vm.node, door, vm.nic)) await node.exec(argv);
}

/**
 * VLANs of VMs that tag by themselves. To be called when all functions have their links: one that has just been set up
 * refuses a VLAN.
 */
export async function joinVlans(lab: Lab): Promise<void> {
  const { topology } = lab;
  const trunks = topology.vms.filter(({ attachment }) => attachment.type === 'trunk');
  await Promise.all(
    trunks.map((vm) => lab.node(vm.node).exec(['ip', '-batch', '-'], { input: vlanLines(topology, vm).join('\n') })),
  );
}

/** Each NIC's cable goes on as the leg: what comes out of one comes out of the other. */
export function cableTable({ legs }: Topology, { nics }: Pick<SriovNics, 'nics'>): string {
  const chain = (name: string, from: string, to: string) =>
    ` chain ${name} {\n  type filter hook ingress device "${from}" priority ${PRIORITY};\n  fwd to "${to}"\n }`;
  const chains = legs.flatMap(({ hostPort }, nic) => {
    const wire = nics[nic]?.wire ?? '';
    return [chain(`out${nic}`, wire, hostPort), chain(`in${nic}`, hostPort, wire)];
  });
  return tableOf('netdev', CABLES, chains);
}

/**
 * The host: cables, PFs that are up and nothing more, and VFs, for VMs and for its own stack. That has no PF: once a capture has made a PF
 * promiscuous, QEMU's model gives all functions what is for none of them.
 */
export async function wire(lab: Lab, mode: BondMode): Promise<void> {
  const { topology } = lab;
  const { host, vms } = topology;
  const nics = nicsOf(lab);
  const node = lab.node(host.node);
  await nics.give(sendersOf(topology).map(({ node }) => node));
  await node.exec(['nft', '-f', '-'], { input: cableTable(topology, nics) });
  const lines = [
    ...nics.nics.flatMap((nic) => [`link set dev ${nic.wire} promisc on`, `link set dev ${nic.wire} up`]),
    ...vfLines(topology, nics),
    ...nics.nics.map(({ pf }) => `link set dev ${pf} up`),
    ...bondLines(
      host.nic,
      host.mac,
      nics.nics.map((_, nic) => ownVf(nic)),
      mode,
    ),
  ];
  await node.exec(['ip', '-batch', '-'], { input: lines.join('\n') });
  await Promise.all(vms.map((vm) => wireVm(lab, vm, mode, nics)));
  for (const step of [laid(host.node, DELIVER), ...redirected(host.node, DELIVER, host.nic)])
    await node.exec(step.argv, step.input === undefined ? {} : { input: step.input });
}
