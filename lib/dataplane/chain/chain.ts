import { bringUpStack } from '../../lab/stacks.js';
import { bringUpLeaves } from '../../leaf/leaves.js';
import { LEAF_MACHINE } from '../../leaf/machine.js';
import { BOND, bringUpBond } from '../../ovs/bond/bondPlane.js';
import { checkHost } from '../../ovs/bond/checkHost.js';
import { withoutPort } from '../../ovs/bond/withoutPort.js';
import { BRIDGE } from '../../ovs/bridge.js';
import type { OvsPlane } from '../../ovs/ovsPlane.js';
import { LACP_NEGOTIATED } from '../../ovs/probes.js';
import { sendersOf } from '../../topology/senders.js';
import { passNetfilter } from '../bridgeNetfilter.js';
import type { DataPlane } from '../plane.js';
import { chainFacts } from './audit.js';
import { FIREWALL, setFirewall } from './firewall.js';
import { inlineIn, layLinks, switchPorts } from './links.js';
import { INLINE_FIREWALL } from './probes.js';
import { CHAIN, chainTraits, VARIANTS } from './traits.js';

/** A bond mode of Open vSwitch: the one with LACP. */
const MODE = 'balance-tcp';

/** A host like that of `ovs-bond`, whose VMs are behind a firewall each. */
export const chain: DataPlane<OvsPlane> = {
  kind: CHAIN,
  description: 'As ovs-bond with LACP; each VM is behind a firewall of its own, a bridge with rules of nftables.',
  variants: VARIANTS,
  hostNic: BRIDGE,
  bond: BOND,
  check: (topology) => checkHost(CHAIN, topology, 'it has none'),
  needs: [],
  machine: {
    probes: [...LEAF_MACHINE.probes, LACP_NEGOTIATED, INLINE_FIREWALL],
    versions: [...LEAF_MACHINE.versions, { name: 'nftables', argv: ['nft', '--version'] }],
    tools: ['ip', 'bridge', 'nft', 'ovs-vsctl', 'ovs-ofctl', 'ovs-appctl'],
  },
  traits: chainTraits,
  async bringUp(lab, variant) {
    const traits = chainTraits(variant);
    const { topology } = lab;
    const node = lab.node(topology.host.node);
    const inline = inlineIn(topology);
    const ports = switchPorts(topology);
    await layLinks(lab);
    await passNetfilter(node);
    await setFirewall(node, inline);
    const plane = await bringUpBond(lab, { traits, mode: MODE, ports }, () =>
      bringUpLeaves(lab, { lacp: traits.lacp }),
    );
    await Promise.all(sendersOf(topology).map((sender) => bringUpStack(lab, sender)));
    return {
      ...plane,
      withoutPort: (vm) => withoutPort(plane.ovs, ports, inline.find((one) => one.vm === vm)?.far ?? vm),
      async audit() {
        const [bond, links, table] = await Promise.all([
          plane.audit(),
          node.exec(['bridge', '-j', 'link', 'show'], { mayFail: true }),
          node.exec(['nft', 'list', 'table', 'bridge', FIREWALL], { mayFail: true }),
        ]);
        return [...bond, ...chainFacts(inline, links.stdout, table.stdout)];
      },
    };
  },
};
