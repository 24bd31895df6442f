import { bondControl } from '../../bonding/control.js';
import { BOND, bondLines, makeBond } from '../../bonding/make.js';
import { BONDING } from '../../bonding/probes.js';
import { laid } from '../../lab/ownLink.js';
import { bringUpStack } from '../../lab/stacks.js';
import { bringUpLeaves } from '../../leaf/leaves.js';
import { LEAF_MACHINE } from '../../leaf/machine.js';
import { vmPort } from '../../ovs/bond/hostBridge.js';
import { withoutPort } from '../../ovs/bond/withoutPort.js';
import { BRIDGE, map, type BridgePort } from '../../ovs/bridge.js';
import { handlerWaits } from '../../ovs/cpuWait.js';
import { startOvs, type OvsSwitch } from '../../ovs/switch.js';
import { ovsControl, restartOf } from '../../ovs/switchControl.js';
import { lacking, mapOffer, offer } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import type { Topology } from '../../topology/model.js';
import type { PlaneProblem } from '../../topology/planeRules.js';
import { sendersOf } from '../../topology/senders.js';
import type { DataPlane, LeafControl, Plane } from '../plane.js';
import { CONFIG } from './audit.js';
import { offloadFacts } from './read.js';
import { OFFLOAD } from './probes.js';
import { BOND_MODE, OVS_OFFLOAD, ovsOffloadTraits, VARIANTS } from './traits.js';
import { requireOffload } from './trial.js';

/**
 * The host's own stack is behind a port as VMs are. The bridge's own port would not do: what the stack sends there is taken
 * away by a filter before any capture sees it.
 */
const STACK = 'host0';
/** The switch's end of that link. */
const STACK_PORT = 'sw-host0';

/** Of the bridge's own port, which is down. */
const BRIDGE_MAC = '02:00:00:00:05:02';

/** The host's bond, and above it its switch in the kernel. */
async function bringUpHost(lab: Lab, ports: readonly BridgePort[]): Promise<OvsSwitch> {
  const { topology } = lab;
  const { host } = topology;
  const node = lab.node(host.node);
  await makeBond(node, BOND_MODE);
  await requireOffload(node);
  const { argv, input = '' } = laid(host.node, { near: host.nic, far: STACK_PORT });
  await node.exec(argv, { input });
  const lines = [...bondLines(topology), `link set dev ${BOND} up`, `link set dev ${host.nic} address ${host.mac}`];
  await node.exec(['ip', '-batch', '-'], { input: lines.join('\n') });
  return startOvs(node, {
    datapath: 'system',
    columns: { other_config: map({ hwaddr: BRIDGE_MAC }) },
    ports: [{ name: BOND }, { name: STACK_PORT }, ...ports],
    config: CONFIG,
  });
}

function planeOf(
  lab: Lab,
  variant: string,
  ovs: OvsSwitch,
  ports: readonly BridgePort[],
  leaves: ReadonlyMap<string, LeafControl>,
): Plane {
  const { host, vms } = lab.topology;
  const portOf = (vm: string) => vms.find(({ node }) => node === vm)?.hostPort ?? vm;
  const traits = ovsOffloadTraits(variant);
  const bond = bondControl(lab, BOND_MODE, traits);
  const inKernel = (what: string, output: string) =>
    lacking({ what, command: `ovs-vsctl get bridge ${BRIDGE} datapath_type`, output });
  return {
    ...ovsControl(ovs),
    ...bond,
    traits,
    leaves,
    environment: () => ({
      ...ovs.env,
      EVERYLEAF_BRIDGE: BRIDGE,
      EVERYLEAF_BOND: BOND,
      EVERYLEAF_VSWITCHD: ovs.control,
    }),
    audit: async () => [
      ...(await bond.audit()),
      ...(await offloadFacts(ovs, lab.topology, [STACK_PORT, ...vms.map(({ hostPort }) => hostPort)])),
    ],
    // What leaves the switch by that port comes to the stack.
    deliver: mapOffer(lab.adopt(host.node, STACK_PORT, host.mac).inject, (inject) => async (frames) => {
      await inject(frames);
    }),
    restart: offer(restartOf(ovs)),
    withoutPort: (vm) => withoutPort(ovs, ports, portOf(vm)),
    inputDrops: inKernel('a separate input queue', 'system: what a port takes in is forwarded at once'),
    cpuWait: offer(handlerWaits(ovs)),
  };
}

function checkTopology({ host }: Topology): readonly PlaneProblem[] {
  const problems = Object.keys(host.plane.options).map((option): PlaneProblem => ({
    path: ['host', 'plane', 'options', option],
    text: `the data plane ${OVS_OFFLOAD} has no option "${option}"`,
    hint: 'remove it; its bond mode is its variant',
  }));
  if (host.nic !== BRIDGE) return problems;
  const text = `the interface of the host's own stack is "${BRIDGE}", the name of the switch`;
  return [...problems, { path: ['host', 'nic'], text, hint: `leave it out; it is then ${STACK}` }];
}

/** A host whose legs are ports of a bond of the kernel, below a switch whose flows are filters of tc. */
export const ovsOffload: DataPlane = {
  kind: OVS_OFFLOAD,
  description:
    "The legs are ports of the kernel's own bond, a port of Open vSwitch in the kernel, which hands its flows to tc (hw-offload, in software).",
  variants: VARIANTS,
  hostNic: STACK,
  bond: BOND,
  check: checkTopology,
  needs: [],
  machine: {
    probes: [...LEAF_MACHINE.probes, BONDING, OFFLOAD],
    versions: LEAF_MACHINE.versions,
    tools: ['ovs-vsctl', 'ovs-ofctl', 'ovs-appctl', 'tc'],
  },
  traits: ovsOffloadTraits,
  async bringUp(lab, variant) {
    const { topology } = lab;
    const ports = topology.vms.map((vm) => vmPort(topology, vm));
    // First, so that a kernel that lacks something is known before the leaves' switches are started.
    const ovs = await bringUpHost(lab, ports);
    const leaves = await bringUpLeaves(lab, { lacp: true });
    const plane = planeOf(lab, variant, ovs, ports, leaves);
    await plane.converged(topology.legs.map((leg) => leg.name));
    await Promise.all(sendersOf(topology).map((sender) => bringUpStack(lab, sender)));
    return plane;
  },
};
