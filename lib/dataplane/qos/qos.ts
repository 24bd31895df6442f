import { bringUpStack } from '../../lab/stacks.js';
import { bringUpLeaves } from '../../leaf/leaves.js';
import { LEAF_MACHINE } from '../../leaf/machine.js';
import { BOND, bringUpBond } from '../../ovs/bond/bondPlane.js';
import { checkHost } from '../../ovs/bond/checkHost.js';
import { vmPort } from '../../ovs/bond/hostBridge.js';
import { BRIDGE } from '../../ovs/bridge.js';
import type { OvsPlane } from '../../ovs/ovsPlane.js';
import { LACP_NEGOTIATED } from '../../ovs/probes.js';
import { priorityOf } from '../../lab/tcClass.js';
import { LackError } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import type { Topology } from '../../topology/model.js';
import type { PlaneProblem } from '../../topology/planeRules.js';
import { legNamed } from '../../topology/legs.js';
import { sendersOf } from '../../topology/senders.js';
import type { DataPlane } from '../plane.js';
import { HTB_CLASSES } from './probes.js';
import { CONTROL_CLASS, DATA_CLASS, lacpScript, queuedIn, queueFact, queueLines } from './queues.js';
import { QOS, qosTraits, VARIANTS } from './traits.js';

/** A bond mode of Open vSwitch: the one with LACP. */
const MODE = 'balance-tcp';

const checkQueues = ({ queues }: Topology): readonly PlaneProblem[] =>
  queues === undefined
    ? []
    : [
        {
          path: ['queues'],
          text: `each uplink of the data plane ${QOS} has queues of its own`,
          hint: 'remove queues, or take another data plane',
        },
      ];

/** Throws LackError where the kernel has no such classes. */
async function makeQueues(lab: Lab): Promise<void> {
  const { host, legs } = lab.topology;
  const node = lab.node(host.node);
  const ports = legs.map(({ hostPort }) => hostPort);
  for (const [what, argv, input] of [
    ['classes of htb', ['tc', '-batch', '-'], ports.flatMap(queueLines).join('\n')],
    ['rules that choose a class', ['nft', '-f', '-'], lacpScript(ports, priorityOf(CONTROL_CLASS))],
  ] as const) {
    const { code, stdout, stderr } = await node.exec(argv, { input, mayFail: true });
    if (code !== 0)
      throw new LackError([{ what, command: `${argv[0]} '${input.trim()}'`, output: (stderr || stdout).trim() }]);
  }
}

/** A host like that of `ovs-bond`, whose uplinks are limited, with a class for data and one for control frames. */
export const qos: DataPlane<OvsPlane> = {
  kind: QOS,
  description:
    'As ovs-bond with LACP; each uplink is limited by htb, with a class for data and one for control frames.',
  variants: VARIANTS,
  hostNic: BRIDGE,
  bond: BOND,
  check: (topology) => [...checkHost(QOS, topology, 'it has none'), ...checkQueues(topology)],
  needs: ['inject:leg'],
  machine: {
    probes: [...LEAF_MACHINE.probes, LACP_NEGOTIATED, HTB_CLASSES],
    versions: [
      ...LEAF_MACHINE.versions,
      { name: 'nftables', argv: ['nft', '--version'] },
      { name: 'tc', argv: ['tc', '-V'] },
    ],
    tools: ['tc', 'nft', 'ovs-vsctl', 'ovs-ofctl', 'ovs-appctl'],
  },
  traits: qosTraits,
  async bringUp(lab, variant) {
    const traits = qosTraits(variant);
    const { topology } = lab;
    const node = lab.node(topology.host.node);
    const ports = topology.vms.map((vm) => vmPort(topology, vm));
    const plane = await bringUpBond(lab, { traits, mode: MODE, ports }, () =>
      bringUpLeaves(lab, { lacp: traits.lacp }),
    );
    await makeQueues(lab);
    await Promise.all(sendersOf(topology).map((sender) => bringUpStack(lab, sender)));
    const shown = async (port: string) => {
      const { stdout } = await node.exec(['tc', '-s', '-j', 'qdisc', 'show', 'dev', port], { mayFail: true });
      return stdout;
    };
    return {
      ...plane,
      queued: async (leg) => queuedIn(await shown(legNamed(topology, leg).hostPort)),
      async audit() {
        const facts = topology.legs.map(async ({ hostPort }) => queueFact(await shown(hostPort), hostPort));
        return [...(await plane.audit()), ...(await Promise.all(facts))];
      },
      environment: () => ({
        ...plane.environment(),
        EVERYLEAF_CLASS: CONTROL_CLASS,
        EVERYLEAF_DATA_CLASS: DATA_CLASS,
      }),
    };
  },
};
