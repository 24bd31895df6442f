import { BONDING } from '../../bonding/probes.js';
import { bringUpStack } from '../../lab/stacks.js';
import { bringUpLeaves } from '../../leaf/leaves.js';
import { LEAF_MACHINE } from '../../leaf/machine.js';
import { lacking, need, offer } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import { MOST_NICS, MOST_VFS, ownVf } from '../../testbed/nics.js';
import type { Topology } from '../../topology/model.js';
import type { PlaneProblem } from '../../topology/planeRules.js';
import { sendersOf } from '../../topology/senders.js';
import type { DataPlane, Exit, LeafControl, Plane } from '../plane.js';
import { vfFacts } from './audit.js';
import { bondsControl } from './bonds.js';
import { bondModeNamed, SRIOV, sriovTraits, VARIANTS } from './traits.js';
import { DELIVER, joinVlans, nicsOf, SIDE_DOOR, wire } from './wiring.js';

/** The host's own bond where a topology does not name it: the interface of the host's own stack. */
const BOND = 'bond0';

/** Each sender's bond is above its VFs. */
const exitsOf = (topology: Topology): readonly Exit[] =>
  sendersOf(topology).map(({ node }) => ({
    node,
    ports: new Map(topology.legs.map(({ name }, nic) => [name, ownVf(nic)])),
  }));

function planeOf(lab: Lab, variant: string, leaves: ReadonlyMap<string, LeafControl>): Plane {
  const { topology } = lab;
  const { host } = topology;
  const exits = exitsOf(topology);
  const bonds = bondsControl(lab, bondModeNamed(variant), exits);
  const lack = (what: string, command: string, output: string) => lacking({ what, command, output });
  const inNic = 'the switch is inside of the NIC, and knows the MACs of its functions alone';
  return {
    ...bonds,
    node: host.node,
    traits: sriovTraits(variant),
    leaves,
    exits,
    environment: () => ({ EVERYLEAF_BOND: host.nic }),
    audit: async () => [...(await bonds.audit()), ...(await vfFacts(lab, nicsOf(lab)))],
    deliver: offer(async (frames) => {
      await need(lab.adopt(host.node, DELIVER.near, host.mac).inject)(frames);
    }),
    fdb: () => Promise.resolve([]),
    fdbMoves: () => Promise.resolve(null),
    ageFdb: lack('a table of MACs that age', 'bridge fdb show', inNic),
    // The NIC is a program, QEMU, of which nothing is seen here: what it waits is what the machine waits.
    cpuWait: offer(() => Promise.resolve(0)),
    inputDrops: lack('a separate input queue', 'ip -s link show', 'the NIC says nothing of what it had no room for'),
    restart: lack('a switch that can be restarted', 'ip link show', inNic),
    slowLacp: lack('LACP of the host', 'ip -d link show type bond', 'its bonds speak none'),
    shell: { env: {}, tools: {} },
  };
}

/** Functions, the link that the lab made, and devices for VLANs. */
const OWN_NAMES = new RegExp(`^(?:vf[0-9]+|${SIDE_DOOR}|vlan[0-9]+)$`);

function checkTopology({ host, legs, vms, nics }: Topology): readonly PlaneProblem[] {
  const problem = (path: PlaneProblem['path'], text: string, hint: string): PlaneProblem => ({ path, text, hint });
  return [
    ...Object.keys(host.plane.options).map((option) =>
      problem(['host', 'plane', 'options', option], `the data plane ${SRIOV} has no option "${option}"`, 'remove it'),
    ),
    ...vms.flatMap(({ nic }, index) =>
      OWN_NAMES.test(nic)
        ? [problem(['vms', index, 'nic'], `"${nic}" is an interface that ${SRIOV} makes in each VM`, 'rename it')]
        : [],
    ),
    ...(nics === undefined ? [] : [problem(['nics'], `${SRIOV} has NICs of its own`, 'remove nics')]),
    ...(legs.length > MOST_NICS
      ? [problem(['legs', MOST_NICS], `${SRIOV} has ${MOST_NICS} NICs, and no leg without one`, 'leave this leg out')]
      : []),
    ...(vms.length >= MOST_VFS
      ? [
          problem(
            ['vms', MOST_VFS - 1],
            `each NIC has ${MOST_VFS} VFs, one for the host and one for each VM`,
            'leave this VM out',
          ),
        ]
      : []),
  ];
}

/** A host with NICs whose functions are given to VMs: each VM has one of each NIC, and a bond of its own above them. */
export const sriov: DataPlane = {
  kind: SRIOV,
  description:
    'Each VM has a function (VF) of each of two NICs, and bonds them by itself; the host has none of its frames.',
  variants: VARIANTS,
  hostNic: BOND,
  bond: null,
  check: checkTopology,
  needs: ['nic:sriov', 'inject:leg'],
  onlyOnce: 'a guest has NICs with functions for one host',
  machine: {
    probes: [...LEAF_MACHINE.probes, BONDING],
    versions: [...LEAF_MACHINE.versions, { name: 'nftables', argv: ['nft', '--version'] }],
    tools: ['ip', 'nft'],
  },
  traits: sriovTraits,
  async bringUp(lab, variant) {
    const { topology } = lab;
    await wire(lab, bondModeNamed(variant));
    const leaves = await bringUpLeaves(lab, { lacp: false });
    const plane = planeOf(lab, variant, leaves);
    await plane.converged(topology.legs.map((leg) => leg.name));
    await joinVlans(lab);
    await Promise.all(sendersOf(topology).map((sender) => bringUpStack(lab, sender)));
    return plane;
  },
};
