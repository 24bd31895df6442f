import { bringUpStack } from '../../lab/stacks.js';
import { bringUpLeaves } from '../../leaf/leaves.js';
import { LEAF_MACHINE } from '../../leaf/machine.js';
import { BOND, bringUpBond } from '../../ovs/bond/bondPlane.js';
import { checkHost } from '../../ovs/bond/checkHost.js';
import { vmPort } from '../../ovs/bond/hostBridge.js';
import { BRIDGE } from '../../ovs/bridge.js';
import type { OvsPlane } from '../../ovs/ovsPlane.js';
import { LACP_NEGOTIATED } from '../../ovs/probes.js';
import { LackError, mapOffer } from '../../testbed/capability.js';
import { sendersOf } from '../../topology/senders.js';
import type { DataPlane } from '../plane.js';
import { VTEP } from './probes.js';
import { VARIANTS, VXLAN, vxlanTraits } from './traits.js';
import { TENANT, tunnelFact, tunnelLines } from './tunnel.js';

/** A bond mode of Open vSwitch: the one with LACP. */
const MODE = 'balance-tcp';

/** No sender of a topology has it: it is inside of the tunnel. */
const TENANT_MAC = '0e:00:00:00:00:01';

/** A host like that of `ovs-bond`, which is also the VTEP of tenants that no leaf sees. */
export const vxlan: DataPlane<OvsPlane> = {
  kind: VXLAN,
  description: "As ovs-bond with LACP; the host's own stack is also the VTEP of tenants behind it.",
  variants: VARIANTS,
  hostNic: BRIDGE,
  bond: BOND,
  check: (topology) => checkHost(VXLAN, topology, 'it has none'),
  needs: [],
  machine: {
    ...LEAF_MACHINE,
    probes: [...LEAF_MACHINE.probes, LACP_NEGOTIATED, VTEP],
    tools: ['ip', 'bridge', 'ovs-vsctl', 'ovs-ofctl', 'ovs-appctl'],
  },
  traits: vxlanTraits,
  async bringUp(lab, variant) {
    const traits = vxlanTraits(variant);
    const { topology } = lab;
    const node = lab.node(topology.host.node);
    const ports = topology.vms.map((vm) => vmPort(topology, vm));
    const plane = await bringUpBond(lab, { traits, mode: MODE, ports }, () =>
      bringUpLeaves(lab, { lacp: traits.lacp }),
    );
    await Promise.all(sendersOf(topology).map((sender) => bringUpStack(lab, sender)));
    const input = tunnelLines(topology).join('\n');
    const { code, stdout, stderr } = await node.exec(['ip', '-batch', '-'], { input, mayFail: true });
    if (code !== 0)
      throw new LackError([{ what: 'a VTEP', command: `ip '${input}'`, output: (stderr || stdout).trim() }]);
    return {
      ...plane,
      tenant: mapOffer(lab.adopt(node.name, TENANT, TENANT_MAC).inject, (inject) => async (frames) => {
        await inject(frames);
      }),
      async audit() {
        const [bond, shown] = await Promise.all([
          plane.audit(),
          node.exec(['ip', '-j', '-d', 'link', 'show', 'type', 'vxlan'], { mayFail: true }),
        ]);
        return [...bond, tunnelFact(shown.stdout, topology)];
      },
    };
  },
};
