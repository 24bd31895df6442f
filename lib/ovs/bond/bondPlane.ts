import type { LeafControl } from '../../dataplane/plane.js';
import type { PlaneTraits } from '../../dataplane/traits.js';
import { lacking, offer } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import { BRIDGE, type BridgePort } from '../bridge.js';
import type { OvsPlane } from '../ovsPlane.js';
import { packetOut } from '../packetOut.js';
import { slowLacp } from '../slowLacp.js';
import type { OvsSwitch } from '../switch.js';
import { ovsControl, restartOf } from '../switchControl.js';
import { bondFacts } from './bondFacts.js';
import { readBond } from './bondState.js';
import { bringUpHostBridge, type Engine } from './hostBridge.js';
import { withoutPort } from './withoutPort.js';
import { bondConverged, readMembers, watchBond, type BondAt } from './members.js';

/** The port of the bridge whose members the legs are. */
export const BOND = 'bond0';

/** What is joined to the bond of the legs, and how. */
export interface BondWanted {
  readonly traits: PlaneTraits;
  /** A bond mode of Open vSwitch. */
  readonly mode: string;
  /** The other ports of the bridge. */
  readonly ports: readonly BridgePort[];
  readonly engine?: Engine;
}

function planeOf(
  lab: Lab,
  ovs: OvsSwitch,
  { traits, mode, ports }: BondWanted,
  leaves: ReadonlyMap<string, LeafControl>,
): OvsPlane {
  const { topology } = lab;
  const portOf = (vm: string) => topology.vms.find(({ node }) => node === vm)?.hostPort ?? vm;
  const at: BondAt = { ovs, topology, bond: BOND, traits };
  const state = async () => readBond(await ovs.appctl(['bond/show', BOND]));
  return {
    ...ovsControl(ovs),
    ovs,
    traits,
    leaves,
    members: () => readMembers(at),
    watch: (onChange) => watchBond(at, onChange),
    converged: (legs, withinMs) => bondConverged(at, legs, withinMs),
    async activeLeg() {
      const { active } = await state();
      return topology.legs.find((leg) => leg.hostPort === active)?.name ?? null;
    },
    audit: async () => bondFacts(await state(), { mode, lacp: traits.lacp }, `ovs-appctl bond/show ${BOND}`),
    // With these, OVS_RUNDIR and the like, plain `ovs-vsctl` and `ovs-ofctl` reach the host's switch and no other.
    environment: () => ({
      ...ovs.env,
      EVERYLEAF_BRIDGE: BRIDGE,
      EVERYLEAF_BOND: BOND,
      EVERYLEAF_VSWITCHD: ovs.control,
    }),
    deliver: offer((frames) => packetOut(ovs, frames)),
    restart: offer(restartOf(ovs)),
    withoutPort: (vm) => withoutPort(ovs, ports, portOf(vm)),
    slowLacp: traits.lacp
      ? offer(slowLacp(ovs, BOND))
      : lacking({
          what: 'LACP',
          command: `ovs-appctl lacp/show ${BOND}`,
          output: `a bond in mode ${mode} speaks none`,
        }),
  };
}

/**
 * Starts the host's Open vSwitch with a bond of the legs, beside the leaves, and resolves when the bond uses every leg.
 * Senders have no addresses yet.
 */
export async function bringUpBond(
  lab: Lab,
  wanted: BondWanted,
  bringUpLeaves: () => Promise<ReadonlyMap<string, LeafControl>>,
): Promise<OvsPlane> {
  const { traits, mode, ports, engine } = wanted;
  const [ovs, leaves] = await Promise.all([bringUpHostBridge(lab, BOND, traits.lacp, ports, engine), bringUpLeaves()]);
  const plane = planeOf(lab, ovs, wanted, leaves);
  await plane.converged(lab.topology.legs.map((leg) => leg.name));
  // A hash entry is assigned once, to a member that is enabled then, and rebalancing is off: a bond that balances
  // from the start would give all entries to the leg that negotiates first. A change of mode resets the entries
  // (ofproto/bond.c, bond_entry_reset).
  if (traits.spreads !== 'no') await ovs.set('Port', BOND, { bond_mode: mode });
  return plane;
}
