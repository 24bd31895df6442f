import type { Command } from '@commander-js/extra-typings';
import { dataPlaneNamed } from '../registries.js';
import { replicatorNamed } from '../replicator/find.js';
import { loadTopology } from '../run/loadTopology.js';
import { raiseLab, type Raised } from '../console/raise.js';
import { defaultTopology } from '../run/defaultPlan.js';
import type { Topology } from '../topology/model.js';
import { drawTopology } from '../topology/picture.js';
import type { StandingStatus } from '../console/protocol.js';
import { UserError } from '../userError.js';
import { print, printJson } from './terminal.js';
import { upSsh } from './upSsh.js';
import { requireAsFound } from './asFound.js';
import { BUILT_IN, chooseLab, openWorkspace, topologyChoice } from './workspace.js';

/** Options of a lab, by the names of their values. */
const OPTION_NAMES: Readonly<Record<string, string>> = {
  mode: '--mode',
  testbed: '--testbed',
  dataPlane: '--data-plane',
  replicator: '--replicator',
  config: '--config',
};

/** Adds `up [TOPOLOGY]`: a lab that stands until it is taken down. */
export function registerUp(program: Command): void {
  program
    .command('up')
    .description('bring up a lab to explore; it stands until "everyleaf down"')
    .argument('[topology]', 'topology file; by default the one of your config, or the built-in dual-leaf.yaml')
    .option('--topology <file>', 'the same as the argument, as "run" has it')
    .option('--testbed <name>', `where the lab stands; by default the first of your config, or ${BUILT_IN.testbed}`)
    .option(
      '--data-plane <kind>',
      `how the host joins its uplinks; by default the first of your config, or ${BUILT_IN.dataPlane}`,
    )
    .option('--mode <mode>', 'variant of the data plane, if not the one in the topology')
    .option(
      '--replicator <name>',
      `what makes neighbor frames reach every leaf; by default the first of your config, or ${BUILT_IN.replicator}`,
    )
    .option('--config <file>', 'your config; without it everyleaf.config.ts, .mts, .js or .mjs of this folder')
    .option('--foreground', 'keep the lab in the foreground, until Ctrl-C')
    .option(
      '--ssh',
      'no lab, but the machines of a binding, each an sshd in namespaces of this machine, until Ctrl-C; needs root',
    )
    .option('--binding <file>', 'with --ssh: which machines; by default those of two-linux-leaves-local.yaml')
    .option('--json', 'print the lab, or the machines, as one JSON object')
    .action(async (argument, { topology: option, mode: wanted, foreground, json, ssh, binding, ...options }) => {
      if (argument !== undefined && option !== undefined)
        throw new UserError(`two topologies: ${argument} and ${option}`, 'name one, with --topology or without it');
      const named = argument ?? option;
      if (ssh === true) {
        const others = { topology: named, mode: wanted, ...options };
        const other = Object.entries(others).find(([, value]) => value !== undefined)?.[0];
        if (other !== undefined)
          throw new UserError(
            `--ssh brings up machines and no lab, and cannot be combined with ${other === 'topology' ? 'a topology' : (OPTION_NAMES[other] ?? other)}`,
            'a lab comes with "everyleaf run --testbed ssh --binding FILE"',
          );
        await upSsh(binding, json === true);
        return;
      }
      if (binding !== undefined)
        throw new UserError('--binding says which machines --ssh brings up', 'add --ssh, or leave --binding out');
      const workspace = await openWorkspace(options.config);
      const { testbed, dataPlane, variants } = chooseLab(workspace, {
        ...options,
        mode: wanted === undefined ? undefined : [wanted],
      });
      const mode = wanted === undefined ? null : (variants[0] ?? null);
      requireAsFound({}, dataPlaneNamed(dataPlane, workspace.registries), false);
      const topologyFile = topologyChoice(named, workspace) ?? defaultTopology(workspace);
      const topology = await loadTopology(topologyFile, workspace.registries.dataPlanes, {
        ...(options.dataPlane === undefined ? {} : { kind: dataPlane }),
        ...(mode === null ? {} : { variant: mode }),
      });
      const replicator = options.replicator ?? workspace.registries.replicators[0]?.name ?? '';
      replicatorNamed(replicator, workspace.registries);
      const abort = new AbortController();
      const interrupted = new Promise<void>((resolve) => abort.signal.addEventListener('abort', () => resolve()));
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => abort.abort());
      const raised = await raiseLab(
        {
          configFile: workspace.configFile,
          topologyFile,
          testbed,
          dataPlane: options.dataPlane ?? null,
          mode,
          replicator,
        },
        abort.signal,
      );
      const { tools = [] } = dataPlaneNamed(topology.host.plane.traits.kind, workspace.registries).machine ?? {};
      const letGo = foreground !== true && !abort.signal.aborted;
      if (letGo) await raised.letGo();
      await (json === true
        ? printJson(raised.status)
        : print(describe(topology, raised.status, tools, foreground === true)));
      if (!letGo) await keepUntil(interrupted, raised);
    });
}

async function keepUntil(interrupted: Promise<void>, raised: Raised): Promise<void> {
  await Promise.race([interrupted, raised.ended]);
  process.stderr.write('taking the lab down\n');
  await raised.takeBack();
}

function describe(topology: Topology, status: StandingStatus, tools: readonly string[], foreground: boolean): string {
  const leg = status.legs[0]?.name ?? '';
  const gateway = topology.networks.find(
    (network) => network.name === topology.vms[0]?.addresses[0]?.network,
  )?.gateway4;
  const commands: (readonly [command: string, what: string])[] = [
    [`everyleaf shell ${topology.host.node}`, `a shell there; ${[...tools, 'tcpdump'].join(', ')} work`],
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
