import type { Command } from '@commander-js/extra-typings';
import type { Topology } from '../topology/model.js';
import { drawTopology, vlanText } from '../topology/picture.js';
import { TopologyError } from '../topology/problem.js';
import { TopologyFileError, loadTopology } from './loadTopology.js';

/** Usage or bad topology. */
const EXIT_USAGE = 2;

/** Adds `check FILE`: is this topology right, and what is everything called? */
export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('check a topology file, draw its wiring and print its addresses')
    .argument('<file>', 'topology file, for instance topologies/dual-leaf.yaml')
    .option('--json', 'print the topology, with everything derived, as JSON')
    .action(async (file, options) => {
      const outcome = await check(file, options.json === true);
      process.stdout.write(outcome.stdout);
      process.stderr.write(outcome.stderr);
      process.exitCode = outcome.exitCode;
    });
}

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `check` prints. Errors that are not about the file are thrown. */
export async function check(file: string, json: boolean): Promise<Outcome> {
  try {
    const topology = await loadTopology(file);
    return { exitCode: 0, stdout: json ? `${JSON.stringify(topology, null, 2)}\n` : describeTopology(topology), stderr: '' };
  } catch (error) {
    if (!(error instanceof TopologyError || error instanceof TopologyFileError)) throw error;
    // A program that reads JSON gets the places as numbers; a person gets the sentences.
    const problems = error instanceof TopologyError ? error.problems : [];
    const stdout = json ? `${JSON.stringify({ error: error.message, problems }, null, 2)}\n` : '';
    return { exitCode: EXIT_USAGE, stdout, stderr: `${error.message}\n` };
  }
}

/** The wiring and all addresses, for a terminal. */
export function describeTopology(topology: Topology): string {
  const { host, vms, legs, networks, lacp, leaves } = topology;
  const sections = [
    `${topology.name}: ${topology.description}`,
    drawTopology(topology),
    table('networks', networks.map((network) => [
      network.name, network.vlan === null ? 'untagged' : `VLAN ${network.vlan}`,
      network.ipv4, `gateway ${network.gateway4}`, network.ipv6, `gateway ${network.gateway6}`,
    ])),
    table('senders', [host, ...vms].flatMap((sender) => sender.addresses.map((address, i) => (
      [i === 0 ? `${sender.node}/${sender.nic}` : '', i === 0 ? sender.mac : '', i === 0 ? vlanText(topology, sender) : '', address.network, address.ipv4, address.ipv6]
    )))),
    table('legs', legs.map((leg) => [leg.name, `${host.node}/${leg.hostPort}`, leg.hostMac, `${leg.leaf}/${leg.leafPort}`, leg.leafMac])),
    table('on every leaf', [['gateway MAC', leaves[0]?.gatewayMac ?? ''], ['LACP system ID', `${lacp.systemId}, key ${lacp.key}`]]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function table(title: string, rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return [title, ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())].join('\n');
}
