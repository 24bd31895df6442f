import { DURATIONS } from '../../durations.js';
import { patience } from '../../lab/patience.js';
import { bringUpStack } from '../../lab/stacks.js';
import { bringUpLeaves } from '../../leaf/leaves.js';
import { LEAF_MACHINE } from '../../leaf/machine.js';
import { lacking, need, offer } from '../../testbed/capability.js';
import { LONGEST_CHANGE_MS } from '../../testbed/change.js';
import type { Lab } from '../../testbed/lab.js';
import type { Topology } from '../../topology/model.js';
import type { PlaneProblem } from '../../topology/planeRules.js';
import { sendersOf } from '../../topology/senders.js';
import { until } from '../../until.js';
import { bridgeControl } from '../bridgeControl.js';
import { withoutBridgePort } from '../bridgePort.js';
import type { DataPlane, LeafControl, MemberState, Plane, SwitchControl } from '../plane.js';
import { checkUntagged } from '../untagged.js';
import { requireProgram, startApplication, type Application } from './application.js';
import { bondFacts } from './audit.js';
import { carries, lacpOf, readConfig, readLacp } from './bondState.js';
import { readInputDrops, readPollingWait } from './counters.js';
import { bondPort, PROGRAM, VERSION } from './engine.js';
import { BONDED_APPLICATION } from './probes.js';
import { DPDK_BOND, dpdkBondTraits, variantNamed, VARIANTS, type Variant } from './traits.js';
import { applicationPorts, DELIVER, startHeartbeats, TO_APPLICATION, wireHost } from './wiring.js';

/** The bridge where a topology does not name it, and with it the interface of the host's own stack. */
const BRIDGE = 'vmbr0';

/** A partner of which nothing is known yet (IEEE 802.1AX 6.4.6). */
const NO_PARTNER = '00:00:00:00:00:00';

/** The option of a host whose VMs alone give the application something to send. */
const HEARTBEAT = 'heartbeat';

const hasHeartbeat = ({ host }: Pick<Topology, 'host'>): boolean => host.plane.options[HEARTBEAT] !== false;

function planeOf(
  lab: Lab,
  variant: Variant,
  application: Application,
  bridge: SwitchControl,
  leaves: ReadonlyMap<string, LeafControl>,
): Plane {
  const { topology } = lab;
  const { host, legs } = topology;
  const node = lab.node(host.node);
  const traits = dpdkBondTraits(variant);
  const bond = bondPort(legs.length);
  const own = applicationPorts(topology);
  const config = async () => readConfig(await application.ask(`show bonding config ${bond}`));
  const lacp = async () => readLacp(await application.ask(`show bonding lacp info ${bond}`));
  // What its bond says of LACP is not enough: in time it takes a leg into use whose leaf has never heard of it.
  const heard = (leaf: string) => leaves.get(leaf)?.hostLacp?.() ?? Promise.resolve('defaulted');
  async function members(): Promise<readonly MemberState[]> {
    if (traits.lacp) {
      const [told, atLeaves] = await Promise.all([lacp(), Promise.all(legs.map(({ leaf }) => heard(leaf)))]);
      return legs.map(({ name: leg }, at) => {
        const port = told.find((one) => one.port === at + 1);
        const partner = port?.partnerSystem ?? NO_PARTNER;
        return {
          leg,
          enabled: port !== undefined && carries(port) && atLeaves[at] === 'current',
          lacp: atLeaves[at] === 'current' && port !== undefined ? lacpOf(port) : (atLeaves[at] ?? 'defaulted'),
          partner: partner === NO_PARTNER ? null : partner,
        };
      });
    }
    const { active } = await config();
    return legs.map(({ name: leg }, at) => ({ leg, enabled: active.includes(at + 1), lacp: 'off', partner: null }));
  }
  return {
    ...bridge,
    traits,
    leaves,
    members,
    async watch(onChange) {
      const monitor = await node.spawn(['ip', '-o', 'monitor', 'link'], { onLine: onChange });
      return {
        async [Symbol.asyncDispose]() {
          await monitor.stop('SIGKILL');
        },
      };
    },
    async converged(names, withinMs = patience(node, DURATIONS.lacpNegotiation)) {
      let seen: readonly MemberState[] = [];
      await until(
        `the bond of ${PROGRAM} to use ${names.join(' and ')}`,
        withinMs,
        async () => {
          seen = await members();
          const used = seen.filter(({ enabled }) => enabled).map(({ leg }) => leg);
          return used.length === names.length && names.every((leg) => used.includes(leg)) ? true : null;
        },
        () => {
          const states = seen.map(
            ({ leg, enabled, lacp: state }) => `${leg} ${enabled ? 'used' : 'not used'} (LACP ${state})`,
          );
          const why =
            traits.lacp && !hasHeartbeat(topology)
              ? '; the bond sends LACPDUs only while its application transmits, and that has nothing to send while VMs are silent'
              : '';
          return `${states.join(', ')}${why}`;
        },
        DURATIONS.memberLook,
      );
    },
    async activeLeg() {
      if (traits.spreads !== 'no') return null;
      const { primary } = await config();
      return legs[(primary ?? 0) - 1]?.name ?? null;
    },
    async audit() {
      const [bonded, spoken, macvlans] = await Promise.all([
        config(),
        traits.lacp ? lacp() : null,
        node.exec(['ip', '-j', '-d', 'link', 'show', 'type', 'macvlan'], { mayFail: true }),
      ]);
      const wired = legs.map(({ hostPort }, at) => ({ hostPort, own: own[at] ?? '', port: at + 1 }));
      return bondFacts(variant, wired, bonded, spoken, macvlans.stdout);
    },
    environment: () => ({ EVERYLEAF_BRIDGE: host.nic, EVERYLEAF_APPLICATION_PORTS: own.join(',') }),
    deliver: offer(async (frames) => {
      await need(lab.adopt(host.node, DELIVER.near, host.mac).inject)(frames);
    }),
    withoutPort: (name) =>
      offer(withoutBridgePort(host, topology.vms.find((vm) => vm.node === name)?.hostPort ?? name, [])),
    restart: offer({
      name: `${PROGRAM} was restarted`,
      steps: [{ what: `${PROGRAM} to forward again`, run: () => application.restart() }],
      undo: [],
      maxMs: LONGEST_CHANGE_MS,
    }),
    slowLacp: lacking({
      what: 'another LACP rate of the host',
      command: `show bonding lacp info ${bond}`,
      output: traits.lacp ? `${PROGRAM} cannot set it` : `a bond in mode ${variant} speaks none`,
    }),
    cpuWait: offer(() => readPollingWait(node, application.pidFile)),
    inputDrops: offer(() => readInputDrops(node, application.pidFile)),
  };
}

function checkTopology(topology: Topology): readonly PlaneProblem[] {
  return [
    ...Object.entries(topology.host.plane.options).flatMap(([option, value]) => {
      const path = ['host', 'plane', 'options', option];
      if (option !== HEARTBEAT)
        return [
          {
            path,
            text: `the data plane ${DPDK_BOND} has no option "${option}"`,
            hint: `remove it; it has ${HEARTBEAT}`,
          },
        ];
      return typeof value === 'boolean'
        ? []
        : [{ path, text: `${HEARTBEAT} is ${JSON.stringify(value)}`, hint: 'write true (the default) or false' }];
    }),
    ...checkUntagged(DPDK_BOND, topology),
  ];
}

/** A host whose VMs are behind an application of DPDK that bonds the legs by itself. */
export const dpdkBond: DataPlane = {
  kind: DPDK_BOND,
  description:
    "DPDK's own bond of the legs, in the application testpmd; VMs and host are behind a bridge in front of it.",
  variants: VARIANTS,
  hostNic: BRIDGE,
  bond: null,
  check: checkTopology,
  needs: ['inject:leg'],
  machine: {
    probes: [...LEAF_MACHINE.probes, BONDED_APPLICATION],
    versions: [
      ...LEAF_MACHINE.versions,
      { name: 'dpdk', argv: VERSION },
      { name: 'nftables', argv: ['nft', '--version'] },
    ],
    tools: ['bridge', 'ip', 'nft'],
  },
  traits: (variant) => dpdkBondTraits(variantNamed(variant)),
  async bringUp(lab, name) {
    const variant = variantNamed(name);
    const { topology } = lab;
    const node = lab.node(topology.host.node);
    await requireProgram(node);
    await wireHost(lab);
    const [leaves, application, bridge] = await Promise.all([
      bringUpLeaves(lab, { lacp: dpdkBondTraits(variant).lacp }),
      startApplication(node, variant, TO_APPLICATION.far, applicationPorts(topology)),
      bridgeControl(node, topology.host.nic, null),
    ]);
    if (hasHeartbeat(topology) && dpdkBondTraits(variant).lacp) await startHeartbeats(lab);
    const plane = planeOf(lab, variant, application, bridge, leaves);
    await plane.converged(topology.legs.map((leg) => leg.name));
    await Promise.all(sendersOf(topology).map((sender) => bringUpStack(lab, sender)));
    return plane;
  },
};
