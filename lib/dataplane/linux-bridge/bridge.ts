import { laid, redirected, type OwnLink } from '../../lab/ownLink.js';
import { bringUpStack } from '../../lab/stacks.js';
import { bringUpLeaves } from '../../leaf/leaves.js';
import { LEAF_MACHINE } from '../../leaf/machine.js';
import { LackError, lacking, need, offer } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import type { Topology } from '../../topology/model.js';
import type { PlaneProblem } from '../../topology/planeRules.js';
import { sendersOf } from '../../topology/senders.js';
import { bridgeControl } from '../bridgeControl.js';
import { withoutBridgePort } from '../bridgePort.js';
import { passNetfilter } from '../bridgeNetfilter.js';
import type { DataPlane, LeafControl, Plane, SwitchControl } from '../plane.js';
import { checkUntagged } from '../untagged.js';
import { legFacts } from './audit.js';
import { SHARES } from './sharing.js';
import { followLegs, type Legs } from './legs.js';
import { carries } from './ports.js';
import { BRIDGE_FILTER, BRIDGE_PORTS } from './probes.js';
import { LINUX_BRIDGE, linuxBridgeTraits, variantNamed, VARIANTS, type Variant } from './traits.js';

/** The bridge where a topology does not name it, and with it the interface of the host's own stack. */
const BRIDGE = 'vmbr0';

/** Through it frames reach the host's own stack as if they came from a leg. */
const DELIVER: OwnLink = { near: 'deliver', far: 'delivered' };

/** VMs and legs are its ports. It floods, without snooping: group membership is not under test here. */
function bridgeLines({ host, vms, legs }: Topology): readonly string[] {
  const master = (port: string) => `link set dev ${port} master ${host.nic}`;
  return [
    ...[...vms, ...legs].map(({ hostPort }) => master(hostPort)),
    `link set dev ${host.nic} type bridge mcast_snooping 0`,
  ];
}

/**
 * Where the legs learn nothing, frames to a gateway are flooded, and VMs would hear them, too. So the host sets the MAC
 * behind each VM port, and the port neither learns nor gets unknown unicast, as with a VM manager that manages the
 * table (libvirt's macTableManager).
 */
const vmLines = (vms: Topology['vms']): readonly string[] =>
  vms.flatMap(({ hostPort, mac }) => [
    `link set dev ${hostPort} learning off flood off`,
    `fdb replace ${mac} dev ${hostPort} master static`,
  ]);

async function makeBridge(lab: Lab, variant: Variant): Promise<void> {
  const { topology } = lab;
  const { host } = topology;
  const node = lab.node(host.node);
  const add = ['ip', 'link', 'add', 'name', host.nic, 'address', host.mac, 'type', 'bridge'];
  const { code, stdout, stderr } = await node.exec(add, { mayFail: true });
  if (code !== 0)
    throw new LackError([{ what: 'a bridge', command: add.join(' '), output: (stderr || stdout).trim() }]);
  await node.exec(['ip', '-batch', '-'], { input: bridgeLines(topology).join('\n') });
  await passNetfilter(node);
  if (variant === 'per-mac') await node.exec(['bridge', '-batch', '-'], { input: vmLines(topology.vms).join('\n') });
  for (const step of [laid(host.node, DELIVER), ...redirected(host.node, DELIVER, host.nic)]) {
    const input = step.input === undefined ? {} : { input: step.input };
    await node.exec(step.argv, input);
  }
}

function planeOf(
  lab: Lab,
  variant: Variant,
  legs: Legs,
  bridge: SwitchControl,
  leaves: ReadonlyMap<string, LeafControl>,
): Plane {
  const { topology } = lab;
  const { host } = topology;
  const node = lab.node(host.node);
  const show = `ip -d link show ${host.nic}`;
  const lack = (what: string, output: string) => lacking({ what, command: show, output });
  const portOf = (leg: string) => topology.legs.find(({ name }) => name === leg)?.hostPort ?? '';
  const legOf = (port: string | null) => topology.legs.find(({ hostPort }) => hostPort === port)?.name ?? null;
  return {
    ...bridge,
    traits: linuxBridgeTraits(variant),
    leaves,
    async members() {
      const ports = await legs.ports();
      return topology.legs.map(({ name, hostPort }) => ({
        leg: name,
        enabled: ports.some((port) => port.ifname === hostPort && carries(port)),
        lacp: 'off',
        partner: null,
      }));
    },
    watch: (onChange) => legs.watch(onChange),
    converged: (names, withinMs) => legs.converged(names.map(portOf), withinMs),
    activeLeg: () => Promise.resolve(legOf(legs.sharing().active)),
    async audit() {
      const [ports, shares] = await Promise.all([
        legs.ports(),
        node.exec(['nft', 'list', 'table', 'bridge', SHARES], { mayFail: true }),
      ]);
      const names = topology.legs.map((leg) => leg.hostPort);
      return legFacts(legs.sharing(), names, ports, shares.stdout);
    },
    environment: () => ({ EVERYLEAF_BRIDGE: host.nic }),
    deliver: offer(async (frames) => {
      await need(lab.adopt(host.node, DELIVER.near, host.mac).inject)(frames);
    }),
    withoutPort: (name) => {
      const vms = topology.vms.filter((vm) => vm.node === name);
      const again =
        variant === 'per-mac'
          ? [{ node: host.node, argv: ['bridge', '-batch', '-'], input: vmLines(vms).join('\n') }]
          : [];
      return offer(withoutBridgePort(host, vms[0]?.hostPort ?? name, again));
    },
    restart: lack('a switch that can be restarted', 'it is part of the kernel, not a program'),
    slowLacp: lack('LACP', 'a bridge speaks none'),
  };
}

function checkTopology(topology: Topology): readonly PlaneProblem[] {
  return [
    ...Object.keys(topology.host.plane.options).map((option) => ({
      path: ['host', 'plane', 'options', option],
      text: `the data plane ${LINUX_BRIDGE} has no option "${option}"`,
      hint: 'remove it',
    })),
    ...checkUntagged(LINUX_BRIDGE, topology),
  ];
}

/** A host whose legs are two ports of a bridge of the kernel, isolated from each other. */
export const linuxBridge: DataPlane = {
  kind: LINUX_BRIDGE,
  description: 'The legs are isolated ports of a kernel bridge, to which VMs and host are attached without tags.',
  variants: VARIANTS,
  hostNic: BRIDGE,
  bond: null,
  check: checkTopology,
  needs: ['inject:leg'],
  machine: {
    probes: [...LEAF_MACHINE.probes, BRIDGE_PORTS, BRIDGE_FILTER],
    versions: [...LEAF_MACHINE.versions, { name: 'nftables', argv: ['nft', '--version'] }],
    tools: ['bridge', 'ip', 'nft'],
  },
  traits: (variant) => linuxBridgeTraits(variantNamed(variant)),
  async bringUp(lab, name) {
    const variant = variantNamed(name);
    const { topology } = lab;
    const [leaves] = await Promise.all([bringUpLeaves(lab, { lacp: false }), makeBridge(lab, variant)]);
    const bridge = await bridgeControl(lab.node(topology.host.node), topology.host.nic, null);
    const legs = await followLegs(lab, topology.host.nic, variant);
    const plane = planeOf(lab, variant, legs, bridge, leaves);
    await plane.converged(topology.legs.map((leg) => leg.name));
    await Promise.all(sendersOf(topology).map((sender) => bringUpStack(lab, sender)));
    return plane;
  },
};
