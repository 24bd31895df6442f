import { bondControl } from '../../bonding/control.js';
import { BOND } from '../../bonding/make.js';
import { BONDING } from '../../bonding/probes.js';
import { bringUpStack } from '../../lab/stacks.js';
import { bringUpLeaves } from '../../leaf/leaves.js';
import { LEAF_MACHINE } from '../../leaf/machine.js';
import { need, offer } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import type { Topology } from '../../topology/model.js';
import type { PlaneProblem } from '../../topology/planeRules.js';
import { sendersOf } from '../../topology/senders.js';
import { untaggedVlan } from '../../topology/untaggedVlan.js';
import { bridgeControl } from '../bridgeControl.js';
import type { DataPlane, LeafControl, Plane, SwitchControl } from '../plane.js';
import { VLAN_BRIDGE } from './probes.js';
import { bondModeNamed, KERNEL_BOND, kernelBondTraits, VARIANTS } from './traits.js';
import { DELIVER, wireHost } from './wiring.js';
import { withoutPort } from './withoutPort.js';

/** The bridge where a topology does not name it, and with it the interface of the host's own stack. */
const BRIDGE = 'vmbr0';

function planeOf(lab: Lab, variant: string, bridge: SwitchControl, leaves: ReadonlyMap<string, LeafControl>): Plane {
  const { topology } = lab;
  const { host } = topology;
  const traits = kernelBondTraits(variant);
  return {
    ...bridge,
    ...bondControl(lab, bondModeNamed(variant), traits),
    traits,
    leaves,
    environment: () => ({ EVERYLEAF_BRIDGE: host.nic, EVERYLEAF_BOND: BOND }),
    deliver: offer(async (frames) => {
      await need(lab.adopt(host.node, DELIVER.near, host.mac).inject)(frames);
    }),
    withoutPort: (vm) => withoutPort(topology, vm),
  };
}

function checkTopology({ host }: Topology): readonly PlaneProblem[] {
  return Object.keys(host.plane.options).map((option) => ({
    path: ['host', 'plane', 'options', option],
    text: `the data plane ${KERNEL_BOND} has no option "${option}"`,
    hint: 'remove it',
  }));
}

/** A host whose legs are ports of a bond of the kernel, below a bridge with VLANs. */
export const kernelBond: DataPlane = {
  kind: KERNEL_BOND,
  description: "The legs are ports of the kernel's own bond; VMs and host are behind a bridge with VLANs on it.",
  variants: VARIANTS,
  hostNic: BRIDGE,
  bond: BOND,
  check: checkTopology,
  needs: ['inject:leg'],
  machine: {
    probes: [...LEAF_MACHINE.probes, BONDING, VLAN_BRIDGE],
    versions: LEAF_MACHINE.versions,
    tools: ['bridge', 'ip'],
  },
  traits: kernelBondTraits,
  async bringUp(lab, variant) {
    const { topology } = lab;
    // First, so that a kernel without bonding is known before switches are started.
    await wireHost(lab, bondModeNamed(variant));
    const leaves = await bringUpLeaves(lab, { lacp: kernelBondTraits(variant).lacp });
    const bridge = await bridgeControl(lab.node(topology.host.node), topology.host.nic, untaggedVlan(topology));
    const plane = planeOf(lab, variant, bridge, leaves);
    await plane.converged(topology.legs.map((leg) => leg.name));
    await Promise.all(sendersOf(topology).map((sender) => bringUpStack(lab, sender)));
    return plane;
  },
};
