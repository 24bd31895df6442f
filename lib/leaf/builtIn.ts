import type { LeafControl } from '../dataplane/plane.js';
import { readLacp } from '../ovs/bond/lacpState.js';
import { ovsControl } from '../ovs/switchControl.js';
import { slowLacp } from '../ovs/slowLacp.js';
import { startOvs, type OvsSwitch } from '../ovs/switch.js';
import { lacking, offer, type Offer } from '../testbed/capability.js';
import { LONGEST_CHANGE_MS, type Change } from '../testbed/change.js';
import type { Lab } from '../testbed/lab.js';
import type { Leaf, Topology } from '../topology/model.js';
import { FOREIGN_SYSTEM, type LeafOptions } from './leaf.js';
import { bringUpGateways } from './gateways.js';
import { leafBridge, portsToHost } from './leafSwitch.js';
import { joinOtherHost } from './otherHost.js';

/** Starts the switch of a leaf of a wired lab: an Open vSwitch with its gateways. */
export async function bringUpBuiltIn(lab: Lab, leaf: Leaf, options: LeafOptions): Promise<LeafControl> {
  const { topology } = lab;
  const ovs = await startOvs(lab.node(leaf.name), leafBridge(topology, leaf, options));
  await bringUpGateways(lab, topology, leaf);
  return leafControl(lab, topology, leaf, ovs, options);
}

function leafControl(lab: Lab, topology: Topology, leaf: Leaf, ovs: OvsSwitch, { lacp }: LeafOptions): LeafControl {
  const ports = topology.legs.filter((leg) => leg.leaf === leaf.name).map((leg) => leg.leafPort);
  const withLacp = (change: () => Change): Offer<Change> =>
    lacp
      ? offer(change())
      : lacking({ what: `LACP of ${leaf.name}`, command: 'ovs-appctl lacp/show', output: 'its ports speak none' });
  const setSystem = async (system: string) => {
    for (const port of ports) await ovs.vsctl(['set', 'port', port, `other_config:lacp-system-id="${system}"`]);
  };
  return {
    ...ovsControl(ovs),
    splitSystemId: withLacp(() => ({
      name: `${leaf.name} says another LACP system id`,
      steps: [{ what: 'another LACP system id', run: () => setSystem(FOREIGN_SYSTEM) }],
      undo: [{ what: 'the LACP system id of all leaves', run: () => setSystem(topology.lacp.systemId) }],
      maxMs: LONGEST_CHANGE_MS,
    })),
    reboot: offer({
      name: `${leaf.name} reboots`,
      // A leaf keeps its configuration over a reboot. Its gateways are ports of the daemon and go with it, and so do
      // their neighbors.
      steps: [{ what: `the switch of ${leaf.name} to restart`, run: () => ovs.restartDaemon() }],
      undo: [
        { what: `the gateways of ${leaf.name}`, run: () => bringUpGateways(lab, topology, leaf) },
        { node: leaf.name, argv: ['ip', 'neigh', 'flush', 'all'] },
      ],
      maxMs: LONGEST_CHANGE_MS,
    }),
    joinOtherHost: () => joinOtherHost(lab, leaf.name, ovs),
    async joinSecondHost(seen, wanted) {
      for (const port of portsToHost(seen, leaf, { ...wanted, firstPort: ports.length })) await ovs.addPort(port);
      return leafControl(lab, seen, leaf, ovs, wanted);
    },
    ...(lacp
      ? {
          async hostLacp() {
            const [member] = readLacp(await ovs.appctl(['lacp/show', ports[0] ?? '']));
            return member?.status ?? 'defaulted';
          },
        }
      : {}),
    // A leaf has one leg.
    slowLacp: withLacp(() => slowLacp(ovs, ports[0] ?? '')),
  };
}
