import { lacpOf, readBond } from '../../bonding/bondState.js';
import { makeLink } from '../../bonding/make.js';
import { bridgeControl } from '../../dataplane/bridgeControl.js';
import { untilForwarding } from '../../dataplane/bridgeForwards.js';
import { passNetfilter } from '../../dataplane/bridgeNetfilter.js';
import type { LeafControl } from '../../dataplane/plane.js';
import { readFiles } from '../../lab/files.js';
import { laid } from '../../lab/ownLink.js';
import { lacking, need, offer, type Offer } from '../../testbed/capability.js';
import { LONGEST_CHANGE_MS, type Change } from '../../testbed/change.js';
import type { Lab } from '../../testbed/lab.js';
import { gatewayPort } from '../../topology/labNames.js';
import type { Leaf, Topology } from '../../topology/model.js';
import { untaggedVlan } from '../../topology/untaggedVlan.js';
import { bringUpGateways } from '../gateways.js';
import { FOREIGN_SYSTEM, type LeafOptions } from '../leaf.js';
import {
  BRIDGE,
  bridgeOptions,
  gatewayLines,
  hasVlans,
  LAG,
  lagLines,
  lagOptions,
  legPorts,
  OTHER_HOST,
  portLines,
  sviPorts,
  SECOND_LAG,
  trunkLines,
  uplinkOf,
  vlanLines,
} from './wiring.js';

const stateFile = (lag: string): string => `/proc/net/bonding/${lag}`;

/** Another host's end, which sends nothing of its own. */
const OTHER_HOST_MAC = '02:00:00:00:05:01';

/**
 * Makes a leaf of the kernel's own parts, as a switch that runs Linux: a bridge, a bond where it speaks LACP, and its gateways. Throws
 * LackError where the kernel has none of these.
 */
export async function bringUpLinux(lab: Lab, leaf: Leaf, { lacp }: LeafOptions): Promise<LeafControl> {
  const { topology } = lab;
  const node = lab.node(leaf.name);
  const ip = (lines: readonly string[]) => node.exec(['ip', '-batch', '-'], { input: lines.join('\n') });
  const bridge = async (lines: readonly string[]) => {
    if (lines.length > 0) await node.exec(['bridge', '-batch', '-'], { input: lines.join('\n') });
  };
  const uplinks = uplinkOf(topology, leaf, lacp);
  /** Ports to other hosts, in the bridge. */
  const others: string[] = [];
  /** What is behind a bond is behind its one leg, which is what everybody calls it. */
  const legBehind = new Map<string, string>();
  const takeIn = async (port: string) => {
    await ip([`link set dev ${port} master ${BRIDGE}`]);
    await bridge(trunkLines(topology, port));
  };
  const makeBridge = async () => {
    await makeLink(node, 'a leaf that is a bridge of the kernel', bridgeOptions(topology));
    await ip(portLines(topology, uplinks));
    await bridge(vlanLines(topology, uplinks));
    for (const port of others) await takeIn(port);
  };
  const makeLag = async (seen: Topology, lag: string) => {
    await makeLink(node, 'a leaf with a bond of the kernel', lagOptions(seen, lag));
    await ip(lagLines(seen, leaf, lag));
    for (const port of legPorts(seen, leaf)) legBehind.set(lag, port);
  };
  const hostLacpOf = (lag: string): Pick<LeafControl, 'hostLacp'> => ({
    async hostLacp() {
      const [port] = readBond((await readFiles(node, [stateFile(lag)]))[0] ?? '').ports;
      return port === undefined ? 'defaulted' : lacpOf(port);
    },
  });
  if (lacp) await makeLag(topology, LAG);
  await passNetfilter(node);
  await ip(gatewayLines(topology, leaf));
  await makeBridge();
  /** With the bridge's ends of them, whose carrier comes with theirs. */
  const openGateways = async () => {
    await bringUpGateways(lab, topology, leaf);
    await untilForwarding(node, sviPorts(topology));
  };
  await openGateways();
  const control = await bridgeControl(node, BRIDGE, hasVlans(topology) ? untaggedVlan(topology) : null);

  const set = (...options: readonly string[]) => ({ node: leaf.name, argv: ['ip', 'link', 'set', 'dev', ...options] });
  const system = (id: string) => set(LAG, 'type', 'bond', 'ad_actor_system', id);
  const lack = (what: string, output: string) =>
    lacking({ what: `${what} of ${leaf.name}`, command: `ip -d link show ${BRIDGE}`, output });
  const withLacp = (change: Offer<Change>) => (lacp ? change : lack('LACP', 'its ports speak none'));
  const itself: LeafControl = {
    ...control,
    async fdb() {
      return (await control.fdb()).map((entry) => ({ ...entry, port: legBehind.get(entry.port) ?? entry.port }));
    },
    splitSystemId: withLacp(
      offer({
        name: `${leaf.name} says another LACP system id`,
        steps: [system(FOREIGN_SYSTEM)],
        undo: [system(topology.lacp.systemId)],
        maxMs: LONGEST_CHANGE_MS,
      }),
    ),
    reboot: offer({
      name: `${leaf.name} reboots`,
      // Its bond and its port to the host stay: the host would see them go.
      steps: [
        ...topology.networks.map(({ name }) => set(gatewayPort(name), 'down')),
        { node: leaf.name, argv: ['ip', 'link', 'del', BRIDGE] },
        { what: `the bridge of ${leaf.name} anew`, run: makeBridge },
      ],
      undo: [
        { what: `the gateways of ${leaf.name}`, run: openGateways },
        { node: leaf.name, argv: ['ip', 'neigh', 'flush', 'all'] },
      ],
      maxMs: LONGEST_CHANGE_MS,
    }),
    async joinOtherHost() {
      const { argv, input } = laid(leaf.name, OTHER_HOST);
      await node.exec(argv, input === undefined ? {} : { input });
      others.push(OTHER_HOST.far);
      await takeIn(OTHER_HOST.far);
      await untilForwarding(node, [OTHER_HOST.far]);
      const inject = need(lab.adopt(leaf.name, OTHER_HOST.near, OTHER_HOST_MAC).inject);
      return {
        port: OTHER_HOST.far,
        async send(frames) {
          await inject(frames);
        },
      };
    },
    async joinSecondHost(seen, wanted) {
      if (wanted.lacp) await makeLag(seen, SECOND_LAG);
      const ports = wanted.lacp ? [SECOND_LAG] : legPorts(seen, leaf);
      others.push(...ports);
      for (const port of ports) await takeIn(port);
      return { ...itself, ...(wanted.lacp ? hostLacpOf(SECOND_LAG) : {}) };
    },
    ...(lacp ? hostLacpOf(LAG) : {}),
    slowLacp: withLacp(
      lacking({
        what: `another LACP rate of ${leaf.name}`,
        command: `ip link set ${LAG} type bond lacp_rate slow`,
        output: 'Error: unable to set option because the bond is up.',
      }),
    ),
  };
  return itself;
}
