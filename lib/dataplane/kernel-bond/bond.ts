import { bondControl } from '../../bonding/control.js';
import { BOND } from '../../bonding/make.js';
import { BONDING } from '../../bonding/probes.js';
import { DURATIONS } from '../../durations.js';
import { bringUpStack } from '../../lab/stacks.js';
import { bringUpLeaves } from '../../leaf/leaves.js';
import { LEAF_MACHINE } from '../../leaf/machine.js';
import { lacking, need, offer } from '../../testbed/capability.js';
import { LONGEST_CHANGE_MS } from '../../testbed/change.js';
import type { Lab } from '../../testbed/lab.js';
import type { Topology } from '../../topology/model.js';
import type { PlaneProblem } from '../../topology/planeRules.js';
import { sendersOf } from '../../topology/senders.js';
import { untaggedVlan } from '../../topology/untaggedVlan.js';
import { fdbIn } from '../bridgeFdb.js';
import { countMoves } from '../bridgeMoves.js';
import type { DataPlane, LeafControl, Plane } from '../plane.js';
import { VLAN_BRIDGE } from './probes.js';
import { bondModeNamed, KERNEL_BOND, kernelBondTraits, VARIANTS } from './traits.js';
import { DELIVER, wireHost } from './wiring.js';
import { withoutPort } from './withoutPort.js';

/** The bridge where a topology does not name it, and with it the interface of the host's own stack. */
const BRIDGE = 'vmbr0';

/** The kernel's default: 300 s, in hundredths (include/linux/if_bridge.h, br_dev_setup). */
const USUAL_AGEING = 30_000;

function planeOf(lab: Lab, variant: string, moves: Plane['fdbMoves'], leaves: ReadonlyMap<string, LeafControl>): Plane {
  const { topology } = lab;
  const { host } = topology;
  const node = lab.node(host.node);
  const ageing = (hundredths: number) => ({
    node: host.node,
    argv: ['ip', 'link', 'set', 'dev', host.nic, 'type', 'bridge', 'ageing_time', `${hundredths}`],
  });
  const lack = (what: string, command: string, output: string) => lacking({ what, command, output });
  const untagged = untaggedVlan(topology);
  const traits = kernelBondTraits(variant);
  return {
    ...bondControl(lab, bondModeNamed(variant), traits),
    node: host.node,
    traits,
    leaves,
    environment: () => ({ EVERYLEAF_BRIDGE: host.nic, EVERYLEAF_BOND: BOND }),
    deliver: offer(async (frames) => {
      await need(lab.adopt(host.node, DELIVER.near, host.mac).inject)(frames);
    }),
    withoutPort: (vm) => withoutPort(topology, vm),
    async fdb() {
      const { stdout } = await node.exec(['bridge', '-j', 'fdb', 'show', 'br', host.nic]);
      return fdbIn(stdout, host.node, (vlan) => (vlan === untagged ? 0 : vlan));
    },
    fdbMoves: moves,
    ageFdb: offer({
      name: `${host.node} forgets MACs soon`,
      steps: [ageing(DURATIONS.macAgeing / 10)],
      undo: [ageing(USUAL_AGEING)],
      maxMs: LONGEST_CHANGE_MS,
    }),
    cpuWait: lack('a program that forwards', `ip -d link show ${BOND}`, 'the kernel does it'),
    inputDrops: lack('a separate input queue', `ip -d link show ${BOND}`, 'what a port takes in is forwarded at once'),
    shell: { env: {}, tools: {} },
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
    const moves = await countMoves(lab.node(topology.host.node), topology.host.nic);
    const plane = planeOf(lab, variant, moves, leaves);
    await plane.converged(topology.legs.map((leg) => leg.name));
    await Promise.all(sendersOf(topology).map((sender) => bringUpStack(lab, sender)));
    return plane;
  },
};
