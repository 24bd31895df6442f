import { join } from 'node:path';
import { Option, type Command } from '@commander-js/extra-typings';
import { DEFAULTS } from '../defaults.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { replicatorNamed } from '../replicator/find.js';
import { loadTopology } from '../run/loadTopology.js';
import { raiseLab, type Raised } from '../console/raise.js';
import type { Topology } from '../topology/model.js';
import { drawTopology } from '../topology/picture.js';
import type { StandingStatus } from '../console/protocol.js';
import { print, printJson } from './terminal.js';

const DEFAULT_TOPOLOGY = join(PACKAGE_ROOT, 'topologies/dual-leaf.yaml');

/** Adds `up [TOPOLOGY]`: a lab that stands until it is taken down. */
export function registerUp(program: Command): void {
  program
    .command('up')
    .description('bring up a lab to look into; it stands until "everyleaf down"')
    .argument('[topology]', 'topology file', DEFAULT_TOPOLOGY)
    .addOption(
      new Option('--mode <mode>', 'bond mode, if another than the topology says').choices(
        DEFAULTS.dataPlanes[0]?.variants ?? [],
      ),
    )
    .option('--replicator <name>', 'what makes neighbor frames reach every leaf', 'ovs-group')
    .option('--foreground', 'keep the lab in the foreground, until Ctrl-C')
    .option('--json', 'print what stands as one JSON object')
    .action(async (file, { mode = null, replicator, foreground, json }) => {
      const topology = await loadTopology(file, DEFAULTS.dataPlanes, mode === null ? {} : { variant: mode });
      replicatorNamed(replicator, DEFAULTS);
      const abort = new AbortController();
      const interrupted = new Promise<void>((resolve) => abort.signal.addEventListener('abort', () => resolve()));
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => abort.abort());
      const raised = await raiseLab({ topologyFile: file, mode, replicator }, abort.signal);
      const letGo = foreground !== true && !abort.signal.aborted;
      if (letGo) await raised.letGo();
      await (json === true ? printJson(raised.status) : print(describe(topology, raised.status, foreground === true)));
      if (!letGo) await keepUntil(interrupted, raised);
    });
}

async function keepUntil(interrupted: Promise<void>, raised: Raised): Promise<void> {
  await Promise.race([interrupted, raised.ended]);
  process.stderr.write('taking the lab down\n');
  await raised.takeBack();
}

function describe(topology: Topology, status: StandingStatus, foreground: boolean): string {
  const leg = status.legs[0]?.name ?? '';
  const gateway = topology.networks.find(
    (network) => network.name === topology.vms[0]?.addresses[0]?.network,
  )?.gateway4;
  const commands: (readonly [command: string, what: string])[] = [
    [`everyleaf shell ${topology.host.node}`, 'a shell there; ovs-vsctl, ovs-ofctl, ovs-appctl and tcpdump work'],
    ...topology.vms
      .slice(0, 1)
      .map((vm) => [`everyleaf shell ${vm.node} -- ping -c 1 ${gateway ?? ''}`, "a VM's own stack speaks"] as const),
    [`everyleaf break ${leg} unplug`, 'the cable is out; "plug" puts it in again'],
    ['everyleaf down', 'takes everything back'],
  ];
  const width = Math.max(...commands.map(([command]) => command.length));
  return [
    drawTopology(topology),
    '',
    `${status.topology} stands: ${status.mode}, replicator ${status.replicator}${foreground ? '; Ctrl-C takes it down' : ''}.`,
    `nodes: ${status.nodes.join(', ')}`,
    '',
    ...commands.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`),
  ].join('\n');
}
