import type { LeafControl } from '../dataplane/plane.js';
import { readLacp } from '../ovs/bond/lacpState.js';
import { ovsControl } from '../ovs/switchControl.js';
import { slowLacp } from '../ovs/slowLacp.js';
import { startOvs, type OvsSwitch } from '../ovs/switch.js';
import { lacking, offer, type Offer } from '../testbed/capability.js';
import { LONGEST_CHANGE_MS, type Change } from '../testbed/change.js';
import type { Lab } from '../testbed/lab.js';
import type { Leaf, Topology } from '../topology/model.js';
import { bringUpGateways, leafBridge } from './leafSwitch.js';
import { joinOtherHost } from './otherHost.js';

/** Locally administered, and not the system ID of any topology. */
const FOREIGN_SYSTEM = '02:00:00:ff:ff:fe';

export interface LeafOptions {
  /** Their ports to the host speak LACP, as one partner. */
  readonly lacp: boolean;
}

/**
 * Starts the switch of every leaf of a wired lab, whatever joins the legs on the host. The switches run when this
 * resolves; the bond tells whether it has them as partners.
 */
export async function bringUpLeaves(lab: Lab, options: LeafOptions): Promise<ReadonlyMap<string, LeafControl>> {
  const { topology } = lab;
  return new Map(
    await Promise.all(
      topology.leaves.map(async (leaf) => {
        const ovs = await startOvs(lab.node(leaf.name), leafBridge(topology, leaf, options));
        await bringUpGateways(lab, topology, leaf);
        return [leaf.name, leafControl(lab, topology, leaf, ovs, options)] as const;
      }),
    ),
  );
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
