import { bringUpStack } from '../../lab/stacks.js';
import { bringUpLeaves } from '../../leaf/leaves.js';
import { LEAF_MACHINE } from '../../leaf/machine.js';
import { BOND, bringUpBond } from '../../ovs/bond/bondPlane.js';
import { checkHost } from '../../ovs/bond/checkHost.js';
import { vmPort } from '../../ovs/bond/hostBridge.js';
import { BRIDGE } from '../../ovs/bridge.js';
import type { OvsPlane } from '../../ovs/ovsPlane.js';
import { LACP_NEGOTIATED } from '../../ovs/probes.js';
import { LackError } from '../../testbed/capability.js';
import type { Node } from '../../testbed/node.js';
import { sendersOf } from '../../topology/senders.js';
import type { DataPlane } from '../plane.js';
import { LEG_COLUMNS, legFacts } from './audit.js';
import { DPDK, PROGRAM } from './engine.js';
import { DPDK_PORT } from './probes.js';
import { OVS_DPDK, ovsDpdkTraits, VARIANTS } from './traits.js';

/** Throws LackError where there is no Open vSwitch with DPDK. */
async function requireProgram(node: Node): Promise<void> {
  const argv = [PROGRAM, '--version'];
  const { code, stderr } = await node.exec(argv, { mayFail: true });
  if (code !== 0)
    throw new LackError([
      {
        what: 'Open vSwitch with DPDK',
        command: argv.join(' '),
        output: `${stderr.trim()}; install ${DPDK_PORT.debian ?? ''}`,
      },
    ]);
}

/** A host like that of `ovs-bond`, whose legs are ports of DPDK, polled by a thread of the switch. */
export const ovsDpdk: DataPlane<OvsPlane> = {
  kind: OVS_DPDK,
  description:
    'As ovs-bond with LACP; the legs are ports of DPDK (driver af_packet), polled by a thread of the switch.',
  variants: VARIANTS,
  hostNic: BRIDGE,
  bond: BOND,
  check: (topology) => checkHost(OVS_DPDK, topology, 'its bond mode is its variant'),
  needs: [],
  machine: {
    probes: [...LEAF_MACHINE.probes, LACP_NEGOTIATED, DPDK_PORT],
    versions: [...LEAF_MACHINE.versions, { name: 'ovs-dpdk', argv: [PROGRAM, '--version'] }],
    tools: ['ovs-vsctl', 'ovs-ofctl', 'ovs-appctl'],
  },
  traits: ovsDpdkTraits,
  async bringUp(lab, variant) {
    const { topology } = lab;
    const traits = ovsDpdkTraits(variant);
    await requireProgram(lab.node(topology.host.node));
    const ports = topology.vms.map((vm) => vmPort(topology, vm));
    const plane = await bringUpBond(lab, { traits, mode: variant, ports, engine: DPDK }, () =>
      bringUpLeaves(lab, { lacp: traits.lacp }),
    );
    await Promise.all(sendersOf(topology).map((sender) => bringUpStack(lab, sender)));
    return {
      ...plane,
      async audit() {
        const [bond, [rows = []]] = await Promise.all([
          plane.audit(),
          plane.ovs.select([{ table: 'Interface', columns: LEG_COLUMNS }]),
        ]);
        return [
          ...bond,
          ...legFacts(
            rows,
            topology.legs.map(({ hostPort }) => hostPort),
          ),
        ];
      },
    };
  },
};
