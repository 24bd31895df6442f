import { addBridge, addPort, BRIDGE, startOvs, type OvsSwitch } from '../../ovs/switch.js';
import type { Lab } from '../../testbed/lab.js';
import type { Topology } from '../../topology/model.js';

function vmPort(topology: Topology, vm: Topology['vms'][number]): readonly string[] {
  const vlan = (name: string) => topology.networks.find((network) => network.name === name)?.vlan ?? null;
  // As a VM manager writes it, so that others know the MAC behind the port.
  const port = addPort(vm.hostPort, '--', 'set', 'interface', vm.hostPort, `external_ids:attached-mac="${vm.mac}"`);
  if (vm.attachment.type === 'native') return port;
  if (vm.attachment.type === 'access')
    return [...port, '--', 'set', 'port', vm.hostPort, `tag=${String(vlan(vm.attachment.network))}`];
  return [
    ...port,
    '--',
    'set',
    'port',
    vm.hostPort,
    'vlan_mode=trunk',
    `trunks=${vm.attachment.networks.map(vlan).join(',')}`,
  ];
}

/** The host's bridge with its VMs and a bond of the legs, at first an active-backup one. */
export async function bringUpHostBridge(lab: Lab, bond: string, lacp: boolean): Promise<OvsSwitch> {
  const { topology } = lab;
  const { host, legs } = topology;
  const ovs = await startOvs(lab.node(host.node));
  await ovs.vsctl([
    ...addBridge(`other_config:hwaddr="${host.mac}"`),
    '--',
    'add-bond',
    BRIDGE,
    bond,
    ...legs.map((leg) => leg.hostPort),
    '--',
    'set',
    'port',
    bond,
    'bond_mode=active-backup',
    // The bond's own balancing would move flows between legs in the middle of a window.
    'other_config:bond-rebalance-interval=0',
    ...(lacp ? ['lacp=active', 'other_config:lacp-time=fast'] : ['lacp=off']),
    ...topology.vms.flatMap((vm) => vmPort(topology, vm)),
  ]);
  return ovs;
}
