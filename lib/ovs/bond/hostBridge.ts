import type { Lab } from '../../testbed/lab.js';
import type { Topology } from '../../topology/model.js';
import { map, type BridgePort } from '../bridge.js';
import type { Row } from '../ask.js';
import { startOvs, type OvsSwitch } from '../switch.js';

/** The port of a VM that is attached to the bridge itself. */
export function vmPort(topology: Topology, vm: Topology['vms'][number]): BridgePort {
  const vlan = (name: string) => topology.networks.find((network) => network.name === name)?.vlan ?? 0;
  const { attachment, hostPort: name } = vm;
  // As a VM manager writes it, so that others know the MAC behind the port.
  const interfaces = [{ name, columns: { external_ids: map({ 'attached-mac': vm.mac }) } }];
  if (attachment.type === 'native') return { name, interfaces };
  if (attachment.type === 'access') return { name, interfaces, columns: { tag: vlan(attachment.network) } };
  return { name, interfaces, columns: { vlan_mode: 'trunk', trunks: ['set', attachment.networks.map(vlan)] } };
}

/** How the switch itself is run, and how it opens the legs; absent: as the kernel's interfaces that they are. */
export interface Engine {
  /** The program of the switch: its name, or its path. */
  readonly program: string;
  /** `other_config` of the switch. */
  readonly config: Readonly<Record<string, string>>;
  /** Columns of the row of a leg, in the table Interface. */
  legColumns(hostPort: string, index: number): Row;
}

/** The host's bridge with these ports and a bond of the legs, at first an active-backup one. */
export function bringUpHostBridge(
  lab: Lab,
  bond: string,
  lacp: boolean,
  ports: readonly BridgePort[],
  engine?: Engine,
): Promise<OvsSwitch> {
  const { topology } = lab;
  const { host, legs } = topology;
  const joined: BridgePort = {
    name: bond,
    interfaces: legs.map(({ hostPort: name }, index) => ({
      name,
      ...(engine === undefined ? {} : { columns: engine.legColumns(name, index) }),
    })),
    columns: {
      bond_mode: 'active-backup',
      lacp: lacp ? 'active' : 'off',
      other_config: map({
        // The bond's own balancing would move flows between legs in the middle of a window.
        'bond-rebalance-interval': '0',
        ...(lacp ? { 'lacp-time': 'fast' } : {}),
      }),
    },
  };
  const columns = { other_config: map({ hwaddr: host.mac }) };
  return startOvs(
    lab.node(host.node),
    { columns, ports: [joined, ...ports], ...(engine === undefined ? {} : { config: engine.config }) },
    engine?.program,
  );
}
