import { DURATIONS } from '../../durations.js';
import type { AuditFact } from '../../evidence/types.js';
import type { Lab } from '../../testbed/types.js';
import { addressLines, stackAddresses } from '../../lab/addresses.js';
import { speakingSysctls } from '../../lab/silence.js';
import type { BondMode, Sender, Topology } from '../../topology/model.js';
import { sendersOf } from '../../topology/senders.js';
import { until } from '../../until.js';
import { formatIpv6, linkLocalFromMac, parseMac } from '../../wire/address.js';
import type { DataPlane, HostSwitch } from '../types.js';
import { bondFacts } from './bondFacts.js';
import { readBond, type BondState } from './bondState.js';
import { raiseLeaf } from './leafSwitch.js';
import { readMacTable, readMoves } from './macTable.js';
import { ovsBondTraits } from './traits.js';
import { startOvs, type OvsSwitch } from './switch.js';

const BRIDGE = 'br0';

function vmPort(topology: Topology, vm: Topology['vms'][number]): string[] {
  const vlan = (name: string) => topology.networks.find((network) => network.name === name)?.vlan ?? null;
  // As a VM manager writes it, so that others can know which MAC is behind the port.
  const port = [
    '--',
    'add-port',
    BRIDGE,
    vm.hostPort,
    '--',
    'set',
    'interface',
    vm.hostPort,
    `external_ids:attached-mac="${vm.mac}"`,
  ];
  if (vm.attachment.type === 'native') return port;
  if (vm.attachment.type === 'access')
    return [...port, '--', 'set', 'port', vm.hostPort, `tag=${String(vlan(vm.attachment.network))}`];
  return [
    ...port,
    '--',
    'set',
    'port',
    vm.hostPort,
    'vlan_mode=trunk',
    `trunks=${vm.attachment.networks.map(vlan).join(',')}`,
  ];
}

async function raiseHost(lab: Lab, topology: Topology): Promise<OvsSwitch> {
  const { host, legs } = topology;
  const ovs = await startOvs(lab.node(host.node));
  const lacp = host.bond.lacp === 'active';
  await ovs.vsctl([
    // The bond's own balancing would move flows between legs in the middle of a window.
    '--',
    'add-br',
    BRIDGE,
    '--',
    'set',
    'bridge',
    BRIDGE,
    'datapath_type=netdev',
    `other_config:hwaddr="${host.mac}"`,
    '--',
    'add-bond',
    BRIDGE,
    host.bond.name,
    ...legs.map((leg) => leg.hostPort),
    '--',
    'set',
    'port',
    host.bond.name,
    'bond_mode=active-backup',
    'other_config:bond-rebalance-interval=0',
    ...(lacp ? ['lacp=active', 'other_config:lacp-time=fast'] : ['lacp=off']),
    ...topology.vms.flatMap((vm) => vmPort(topology, vm)),
  ]);
  return ovs;
}

/** Gives a sender's own kernel its addresses, so that real stacks can be made to speak. */
async function raiseStack(lab: Lab, topology: Topology, sender: Sender): Promise<void> {
  const node = lab.node(sender.node);
  await node.sysctl(speakingSysctls(sender.nic));
  const length = (cidr: string | undefined) => Number(cidr?.split('/')[1]);
  const lines = addressLines(
    sender.nic,
    stackAddresses(sender),
    (name) => {
      const network = topology.networks.find((one) => one.name === name);
      return { ipv4: length(network?.ipv4), ipv6: length(network?.ipv6) };
    },
    formatIpv6(linkLocalFromMac(parseMac(sender.mac))),
  );
  await node.exec(['ip', '-batch', '-'], { input: [`link set ${sender.nic} up`, ...lines].join('\n') });
}

/** LACPDUs that each member has received, as `lacp/show-stats` counts them. */
const heardIn = (text: string): readonly number[] =>
  [...text.matchAll(/^\s*(?:LACP )?RX PDUs:\s*(\d+)/gm)].map((match) => Number(match[1]));

/** A PDU starts the timer of the rate that is in force when it comes (IEEE 802.1AX 6.4.12), so each side must hear one after the change. */
async function slowLacp(topology: Topology, host: OvsSwitch, leaves: readonly OvsSwitch[]): Promise<void> {
  const { bond } = topology.host;
  const sides = [
    { ovs: host, port: bond.name },
    ...topology.legs.map((leg) => ({
      ovs: leaves[topology.leaves.findIndex((leaf) => leaf.name === leg.leaf)] ?? host,
      port: leg.leafPort,
    })),
  ];
  await Promise.all(sides.map(({ ovs, port }) => ovs.vsctl(['set', 'port', port, 'other_config:lacp-time=slow'])));
  const heard = () =>
    Promise.all(sides.map(async ({ ovs, port }) => heardIn(await ovs.appctl(['lacp/show-stats', port]))));
  const before = await heard();
  let now = before;
  await until(
    'every side to hear LACP at the slow rate',
    DURATIONS.lacpSlowPeriod,
    async () => {
      now = await heard();
      return now.every(
        (members, side) =>
          members.length > 0 && members.every((count, member) => count > (before[side]?.[member] ?? 0)),
      )
        ? true
        : null;
    },
    () => JSON.stringify({ before, now }),
    DURATIONS.memberLook,
  );
}

/** Members of the bond that may carry frames, by host port. */
function enabledMembers(state: BondState): ReadonlySet<string> {
  return new Set(state.members.filter((member) => member.enabled).map((member) => member.port));
}

async function settle(
  ovs: OvsSwitch,
  topology: Topology,
  legNames: readonly string[],
  withinMs: number = DURATIONS.lacpNegotiation,
): Promise<void> {
  const wanted = topology.legs.filter((leg) => legNames.includes(leg.name)).map((leg) => leg.hostPort);
  let seen = 'no bond';
  await until(
    `the bond to use ${wanted.join(' and ')}`,
    withinMs,
    async () => {
      const state = readBond(await ovs.appctl(['bond/show', topology.host.bond.name]));
      const enabled = enabledMembers(state);
      seen =
        state.members.map((member) => `${member.port} ${member.enabled ? 'enabled' : 'disabled'}`).join(', ') +
        `, LACP ${state.lacp}`;
      if (topology.host.bond.lacp === 'active' && state.lacp !== 'negotiated') return null;
      return wanted.every((port) => enabled.has(port)) && enabled.size === wanted.length ? true : null;
    },
    () => seen,
    // What takes minutes must not keep the machine busy with looks.
    withinMs > DURATIONS.lacpSlowPeriod ? DURATIONS.memberLook : DURATIONS.poll,
  );
}

/** A host whose uplinks are the members of an Open vSwitch bond, and leaves that fit to it. */
export function ovsBond(mode: BondMode): DataPlane {
  const plane: DataPlane = {
    traits: ovsBondTraits(mode),
    mode,
    async raise(lab): Promise<HostSwitch> {
      const { topology } = lab;
      const [ovs, ...leafSwitches] = await Promise.all([
        raiseHost(lab, topology),
        ...topology.leaves.map((leaf) => raiseLeaf(lab, topology, leaf)),
      ]);
      const bond = async () => readBond(await ovs.appctl(['bond/show', topology.host.bond.name]));
      const host: HostSwitch = {
        plane,
        ovs,
        leaves: new Map(topology.leaves.map((leaf, index) => [leaf.name, leafSwitches[index] as OvsSwitch])),
        settled: (legs, withinMs) => settle(ovs, topology, legs, withinMs),
        slowLacp: () => slowLacp(topology, ovs, leafSwitches),
        async activeLeg() {
          const { active } = await bond();
          return mode === 'active-backup' ? (topology.legs.find((leg) => leg.hostPort === active)?.name ?? null) : null;
        },
        async broadcastLeg() {
          const { active } = await bond();
          return mode === 'balance-tcp' ? null : (topology.legs.find((leg) => leg.hostPort === active)?.name ?? null);
        },
        async ageMacs() {
          await Promise.all(
            [ovs, ...leafSwitches].map((one) =>
              one.vsctl(['set', 'bridge', BRIDGE, `other_config:mac-aging-time=${DURATIONS.macAgeing / 1000}`]),
            ),
          );
        },
        macTable: async () => (await Promise.all([ovs, ...leafSwitches].map(readMacTable))).flat(),
        macMoves: (withinMs) => readMoves([ovs, ...leafSwitches], withinMs),
        async audit(): Promise<readonly AuditFact[]> {
          const { name, lacp } = topology.host.bond;
          return bondFacts(await bond(), { mode, lacp }, `ovs-appctl bond/show ${name}`);
        },
      };
      await host.settled(topology.legs.map((leg) => leg.name));
      // A hash entry gets its member once, among those that are enabled then, and rebalancing is off: a bond that balances from the start
      // would give all entries to the leg that negotiates first. A change of mode makes the entries anew (ofproto/bond.c, bond_entry_reset).
      if (mode !== 'active-backup') await ovs.vsctl(['set', 'port', topology.host.bond.name, `bond_mode=${mode}`]);
      await Promise.all(sendersOf(topology).map((sender) => raiseStack(lab, topology, sender)));
      return host;
    },
  };
  return plane;
}
