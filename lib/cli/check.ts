import type { Command } from '@commander-js/extra-typings';
import type { Topology } from '../topology/model.js';
import { drawTopology, vlanText } from '../topology/picture.js';
import { TopologyError } from '../topology/problem.js';
import { DEFAULTS } from '../defaults.js';
import { loadTopology } from '../run/loadTopology.js';
import { sendersOf } from '../topology/senders.js';
import { textTable } from '../topology/textTable.js';
import { print, printJson } from './terminal.js';
import { describeBinding } from '../binding/describe.js';
import { isBinding, loadBinding } from '../binding/load.js';
import { BindingError } from '../binding/parse.js';
import { UserError } from '../userError.js';

/** Adds `check FILE`: is this topology or binding right, and what is everything called? */
export function registerCheck(program: Command): void {
  program
    .command('check')
    .description(
      'check a topology file, draw its wiring and print its addresses; or a binding, and what each leaf can carry',
    )
    .argument('<file>', 'topology file, for instance topologies/dual-leaf.yaml, or binding')
    .option('--json', 'print the topology, with everything derived, or the binding, as JSON; or what is wrong with it')
    .action(async (file, { json }) => {
      if (json !== true) return print(await describeFile(file));
      try {
        await printJson(await readFile(file));
      } catch (error) {
        // A program gets the places as numbers; the sentences still go to stderr.
        if (error instanceof TopologyError || error instanceof BindingError)
          await printJson({ error: error.message, problems: error.problems });
        else if (error instanceof UserError) await printJson({ error: error.message, problems: [] });
        throw error;
      }
    });
}

async function readFile(file: string): Promise<object> {
  return (await isBinding(file))
    ? (await loadBinding(file, DEFAULTS.dataPlanes)).binding
    : loadTopology(file, DEFAULTS.dataPlanes);
}

async function describeFile(file: string): Promise<string> {
  if (!(await isBinding(file))) return describeTopology(await loadTopology(file, DEFAULTS.dataPlanes));
  const { binding, topology } = await loadBinding(file, DEFAULTS.dataPlanes);
  return describeBinding(binding, topology);
}

/** The wiring and all addresses, for a terminal. */
export function describeTopology(topology: Topology): string {
  const { host, legs, networks, lacp, leaves } = topology;
  const sections = [
    `${topology.name}: ${topology.description}`,
    drawTopology(topology),
    ...(topology.leafSwitch === undefined ? [] : [`leaves  each a ${topology.leafSwitch}`]),
    ...(topology.queues === undefined
      ? []
      : [`queues  ${topology.queues} to send and ${topology.queues} to receive on each end of each link`]),
    ...(topology.nics === undefined ? [] : [`nics  each leg is a cable between two ${topology.nics} NICs of a guest`]),
    textTable(
      'networks',
      networks.map((network) => [
        network.name,
        network.vlan === null ? 'untagged' : `VLAN ${network.vlan}`,
        network.ipv4,
        `gateway ${network.gateway4}`,
        network.ipv6,
        `gateway ${network.gateway6}`,
      ]),
    ),
    textTable(
      'senders',
      sendersOf(topology).flatMap((sender) =>
        sender.addresses.map((address, i) => [
          i === 0 ? `${sender.node}/${sender.nic}` : '',
          i === 0 ? sender.mac : '',
          i === 0 ? vlanText(topology, sender) : '',
          address.network,
          address.ipv4,
          address.ipv6,
        ]),
      ),
    ),
    textTable(
      'legs',
      legs.map((leg) => [
        leg.name,
        `${host.node}/${leg.hostPort}`,
        leg.hostMac,
        `${leg.leaf}/${leg.leafPort}`,
        leg.leafMac,
      ]),
    ),
    textTable('on every leaf', [
      ['gateway MAC', leaves[0]?.gatewayMac ?? ''],
      ['LACP system ID', `${lacp.systemId}, key ${lacp.key}`],
    ]),
  ];
  return `${sections.join('\n\n')}\n`;
}
