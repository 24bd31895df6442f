import type { Command } from '@commander-js/extra-typings';
import type { Topology } from '../topology/model.js';
import { drawTopology, vlanText } from '../topology/picture.js';
import { TopologyError } from '../topology/problem.js';
import { DEFAULTS } from '../defaults.js';
import { loadTopology } from '../run/loadTopology.js';
import { sendersOf } from '../topology/senders.js';
import { print, printJson } from './terminal.js';
import { UserError } from '../userError.js';

/** Adds `check FILE`: is this topology right, and what is everything called? */
export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('check a topology file, draw its wiring and print its addresses')
    .argument('<file>', 'topology file, for instance topologies/dual-leaf.yaml')
    .option('--json', 'print the topology, with everything derived, as JSON; or what is wrong with it')
    .action(async (file, { json }) => {
      if (json !== true) return print(describeTopology(await loadTopology(file, DEFAULTS.dataPlanes)));
      try {
        await printJson(await loadTopology(file, DEFAULTS.dataPlanes));
      } catch (error) {
        // A program gets the places as numbers; the sentences still go to stderr.
        if (error instanceof TopologyError) await printJson({ error: error.message, problems: error.problems });
        if (error instanceof UserError) await printJson({ error: error.message, problems: [] });
        throw error;
      }
    });
}

/** The wiring and all addresses, for a terminal. */
export function describeTopology(topology: Topology): string {
  const { host, legs, networks, lacp, leaves } = topology;
  const sections = [
    `${topology.name}: ${topology.description}`,
    drawTopology(topology),
    table(
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
    table(
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
    table(
      'legs',
      legs.map((leg) => [
        leg.name,
        `${host.node}/${leg.hostPort}`,
        leg.hostMac,
        `${leg.leaf}/${leg.leafPort}`,
        leg.leafMac,
      ]),
    ),
    table('on every leaf', [
      ['gateway MAC', leaves[0]?.gatewayMac ?? ''],
      ['LACP system ID', `${lacp.systemId}, key ${lacp.key}`],
    ]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function table(title: string, rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return [
    title,
    ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()),
  ].join('\n');
}
