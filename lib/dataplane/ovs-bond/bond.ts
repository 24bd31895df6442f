import { bringUpStack } from '../../lab/stacks.js';
import { bringUpLeaves } from '../../leaf/leaves.js';
import { LEAF_MACHINE } from '../../leaf/machine.js';
import { LACP_NEGOTIATED } from '../../ovs/probes.js';
import type { OvsPlane } from '../../ovs/ovsPlane.js';
import { slowLacp } from '../../ovs/slowLacp.js';
import { BRIDGE } from '../../ovs/bridge.js';
import type { OvsSwitch } from '../../ovs/switch.js';
import { ovsControl } from '../../ovs/switchControl.js';
import { lacking, offer } from '../../testbed/capability.js';
import { LONGEST_CHANGE_MS } from '../../testbed/change.js';
import type { Lab } from '../../testbed/lab.js';
import type { Topology } from '../../topology/model.js';
import type { PlaneProblem } from '../../topology/planeRules.js';
import { sendersOf } from '../../topology/senders.js';
import type { FrameBytes } from '../../wire/frame.js';
import type { DataPlane, LeafControl } from '../plane.js';
import type { PlaneTraits } from '../traits.js';
import { bondFacts } from './bondFacts.js';
import { readBond } from './bondState.js';
import { bringUpHostBridge } from './hostBridge.js';
import { bondConverged, readMembers, watchBond, type BondAt } from './members.js';
import { bondModeNamed, OVS_BOND, ovsBondTraits } from './traits.js';

/** The port of the bridge whose members the legs are. */
const BOND = 'bond0';

const hex = (frame: FrameBytes) => Buffer.from(frame).toString('hex');

function planeOf(
  lab: Lab,
  ovs: OvsSwitch,
  traits: PlaneTraits,
  bond: string,
  leaves: ReadonlyMap<string, LeafControl>,
): OvsPlane {
  const { topology } = lab;
  const at: BondAt = { ovs, topology, bond, traits };
  const state = async () => readBond(await ovs.appctl(['bond/show', bond]));
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
    audit: async () =>
      bondFacts(await state(), { mode: traits.variant, lacp: traits.lacp }, `ovs-appctl bond/show ${bond}`),
    // With these, OVS_RUNDIR and the like, plain `ovs-vsctl` and `ovs-ofctl` reach the host's switch and no other.
    environment: () => ({
      ...ovs.env,
      EVERYLEAF_BRIDGE: BRIDGE,
      EVERYLEAF_BOND: bond,
      EVERYLEAF_VSWITCHD: ovs.control,
    }),
    deliver: offer(async (frames) => {
      const lines = frames.map((frame) => `packet-out in_port=CONTROLLER packet=${hex(frame)} actions=LOCAL\n`);
      await ovs.ofctl(['-O', 'OpenFlow14', 'bundle', BRIDGE, '-'], lines.join(''));
    }),
    restart: offer({
      name: "the host's switch was restarted",
      steps: [{ what: 'ovs-vswitchd to run again', run: () => ovs.restartDaemon() }],
      undo: [],
      maxMs: LONGEST_CHANGE_MS,
    }),
    slowLacp: traits.lacp
      ? offer(slowLacp(ovs, bond))
      : lacking({
          what: 'LACP',
          command: `ovs-appctl lacp/show ${bond}`,
          output: `a bond in mode ${traits.variant} speaks none`,
        }),
  };
}

function checkTopology({ host }: Topology): readonly PlaneProblem[] {
  const problems: PlaneProblem[] = Object.keys(host.plane.options).map((option) => ({
    path: ['host', 'plane', 'options', option],
    text: `the data plane ${OVS_BOND} has no option "${option}"`,
    hint: 'remove it; its bond mode is its variant',
  }));
  if (host.nic !== BRIDGE)
    problems.push({
      path: ['host', 'nic'],
      text: `the interface of the host's own stack is "${host.nic}"`,
      hint: `on the data plane ${OVS_BOND} it is the bridge, ${BRIDGE}; leave it out`,
    });
  return problems;
}

/** A host whose legs are the members of an Open vSwitch bond. */
export const ovsBond: DataPlane<OvsPlane> = {
  kind: OVS_BOND,
  description:
    'The legs are the members of a bond of Open vSwitch, which forwards in user space between them, the VMs and the host.',
  variants: ['balance-tcp', 'balance-slb', 'active-backup'],
  hostNic: BRIDGE,
  bond: BOND,
  check: checkTopology,
  needs: [],
  machine: {
    ...LEAF_MACHINE,
    probes: [...LEAF_MACHINE.probes, LACP_NEGOTIATED],
    tools: ['ovs-vsctl', 'ovs-ofctl', 'ovs-appctl'],
  },
  traits: (variant) => ovsBondTraits(bondModeNamed(variant)),
  async bringUp(lab, variant) {
    const { topology } = lab;
    const traits = ovsBondTraits(bondModeNamed(variant));
    const [ovs, leaves] = await Promise.all([
      bringUpHostBridge(lab, BOND, traits.lacp),
      bringUpLeaves(lab, { lacp: traits.lacp }),
    ]);
    const plane = planeOf(lab, ovs, traits, BOND, leaves);
    await plane.converged(topology.legs.map((leg) => leg.name));
    // A hash entry is assigned once, to a member that is enabled then, and rebalancing is off: a bond that balances
    // from the start would give all entries to the leg that negotiates first. A change of mode resets the entries
    // (ofproto/bond.c, bond_entry_reset).
    if (traits.spreads !== 'no') await ovs.set('Port', BOND, { bond_mode: variant });
    await Promise.all(sendersOf(topology).map((sender) => bringUpStack(lab, sender)));
    return plane;
  },
};
