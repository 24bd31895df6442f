import { bringUpStack } from '../../lab/stacks.js';
import { bringUpLeaves } from '../../leaf/leaves.js';
import { LEAF_MACHINE } from '../../leaf/machine.js';
import { BOND, bringUpBond } from '../../ovs/bond/bondPlane.js';
import { checkHost } from '../../ovs/bond/checkHost.js';
import { BRIDGE } from '../../ovs/bridge.js';
import type { OvsPlane } from '../../ovs/ovsPlane.js';
import { LACP_NEGOTIATED } from '../../ovs/probes.js';
import { offer } from '../../testbed/capability.js';
import { LONGEST_CHANGE_MS } from '../../testbed/change.js';
import { sendersOf } from '../../topology/senders.js';
import type { DataPlane } from '../plane.js';
import { checkUntagged } from '../untagged.js';
import { attach, attachedIn, lowerPorts } from './attach.js';
import { macvlanFacts } from './audit.js';
import { MACVLAN_PORT } from './probes.js';
import { MACVLAN, macvlanTraits, variantNamed, VARIANTS } from './traits.js';

/** A bond mode of Open vSwitch: the one with LACP. */
const MODE = 'balance-tcp';

/** A host whose VMs are macvlans on the port of its Open vSwitch, whose bond joins the legs. */
export const macvlan: DataPlane<OvsPlane> = {
  kind: MACVLAN,
  description: "VMs are macvlans on the port of the host's Open vSwitch, whose bond with LACP joins the legs.",
  variants: VARIANTS,
  hostNic: BRIDGE,
  bond: BOND,
  check: (topology) => [
    ...checkHost(MACVLAN, topology, 'the mode of the macvlans is its variant'),
    ...checkUntagged(MACVLAN, topology),
  ],
  needs: [],
  machine: {
    probes: [...LEAF_MACHINE.probes, LACP_NEGOTIATED, MACVLAN_PORT],
    versions: [...LEAF_MACHINE.versions, { name: 'nftables', argv: ['nft', '--version'] }],
    tools: ['ip', 'nft', 'ovs-vsctl', 'ovs-ofctl', 'ovs-appctl'],
  },
  traits: (variant) => macvlanTraits(variantNamed(variant)),
  async bringUp(lab, name) {
    const variant = variantNamed(name);
    const traits = macvlanTraits(variant);
    const { topology } = lab;
    const attached = attachedIn(topology, variant);
    const node = lab.node(topology.host.node);
    const plane = await bringUpBond(lab, { traits, mode: MODE, ports: lowerPorts(attached) }, () =>
      bringUpLeaves(lab, { lacp: traits.lacp }),
    );
    await attach(lab, attached, variant);
    await Promise.all(sendersOf(topology).map((sender) => bringUpStack(lab, sender)));
    return {
      ...plane,
      async audit() {
        const [bond, shown] = await Promise.all([
          plane.audit(),
          node.exec(['ip', '-j', '-d', 'link', 'show', 'type', 'macvlan'], { mayFail: true }),
        ]);
        return [...bond, ...macvlanFacts(shown.stdout, attached, variant)];
      },
      restart: offer({
        name: "the host's switch was restarted",
        steps: [
          { what: 'ovs-vswitchd to run again', run: () => plane.ovs.restartDaemon() },
          // Whatever became of the port that they lay on.
          { what: 'the macvlans to be there again', run: () => attach(lab, attached, variant) },
        ],
        undo: [],
        maxMs: LONGEST_CHANGE_MS,
      }),
    };
  },
};
