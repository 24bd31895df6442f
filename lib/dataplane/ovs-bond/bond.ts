import { bringUpStack } from '../../lab/stacks.js';
import { bringUpLeaves } from '../../leaf/leaves.js';
import { LEAF_MACHINE } from '../../leaf/machine.js';
import { BOND, bringUpBond } from '../../ovs/bond/bondPlane.js';
import { checkHost } from '../../ovs/bond/checkHost.js';
import { vmPort } from '../../ovs/bond/hostBridge.js';
import { BRIDGE } from '../../ovs/bridge.js';
import type { OvsPlane } from '../../ovs/ovsPlane.js';
import { LACP_NEGOTIATED } from '../../ovs/probes.js';
import { sendersOf } from '../../topology/senders.js';
import type { DataPlane } from '../plane.js';
import { bondModeNamed, OVS_BOND, ovsBondTraits } from './traits.js';

/** A host whose legs are the members of an Open vSwitch bond. */
export const ovsBond: DataPlane<OvsPlane> = {
  kind: OVS_BOND,
  description:
    'The legs are the members of a bond of Open vSwitch, which forwards in user space between them, the VMs and the host.',
  variants: ['balance-tcp', 'balance-slb', 'active-backup'],
  hostNic: BRIDGE,
  bond: BOND,
  check: (topology) => checkHost(OVS_BOND, topology, 'its bond mode is its variant'),
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
    const ports = topology.vms.map((vm) => vmPort(topology, vm));
    const plane = await bringUpBond(lab, { traits, mode: variant, ports }, () =>
      bringUpLeaves(lab, { lacp: traits.lacp }),
    );
    await Promise.all(sendersOf(topology).map((sender) => bringUpStack(lab, sender)));
    return plane;
  },
};
