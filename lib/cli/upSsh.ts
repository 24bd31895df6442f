import { join, relative } from 'node:path';
import { addressOf } from '../ssh/machine.js';
import { loadBinding } from '../binding/load.js';
import { DEFAULTS } from '../defaults.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { bringUpMachines } from '../ssh/local/bringUp.js';
import { planMachines, type LocalPlan } from '../ssh/local/plan.js';
import { print, printJson } from './terminal.js';

/** The binding that needs nothing but this machine. */
const LOCAL_BINDING = join(PACKAGE_ROOT, 'topologies/bindings/two-linux-leaves-local.yaml');

/**
 * `everyleaf up --ssh`: the machines of a binding, in namespaces of this machine, until Ctrl-C.
 *
 * @param binding the file; by default the one that is made for this
 */
export async function upSsh(binding: string | undefined, isJson: boolean): Promise<void> {
  const file = binding ?? relativeIfShorter(LOCAL_BINDING);
  const plan = planMachines(await loadBinding(file, DEFAULTS.dataPlanes), file);
  const abort = new AbortController();
  const interrupted = new Promise<void>((resolve) => abort.signal.addEventListener('abort', () => resolve()));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort());
  await using machines = await bringUpMachines(plan, abort.signal);
  await (isJson ? printJson(summary(plan, file)) : print(describe(plan, file)));
  await Promise.race([interrupted, machines.lost]);
  process.stderr.write('taking the machines down\n');
}

function relativeIfShorter(path: string): string {
  const short = relative(process.cwd(), path);
  return short.length < path.length ? short : path;
}

const loginOf = ({ far, ...rest }: LocalPlan['machines'][number]): string => addressOf({ ...rest, host: far });

function summary(plan: LocalPlan, file: string): unknown {
  return {
    binding: file,
    machines: plan.machines.map(({ name, far, port, user }) => ({ name, address: far, port, user })),
    links: plan.cables,
    identity: plan.identityFile,
    knownHosts: plan.knownHostsFile,
  };
}

function describe(plan: LocalPlan, file: string): string {
  const { machines, cables, identityFile, knownHostsFile } = plan;
  const width = Math.max(...machines.map(({ name }) => name.length));
  const [first] = machines;
  const commands = [
    [`everyleaf doctor --binding ${file}`, 'logs in to each, and tries what a lab needs there'],
    [`everyleaf run --testbed ssh --binding ${file}`, 'qualifies a replicator there; takes minutes'],
  ] as const;
  return [
    `Each machine of ${file} stands: an sshd in namespaces of this machine; Ctrl-C takes them down.`,
    '',
    ...machines.map((machine) => `  ${machine.name.padEnd(width)}  ${loginOf(machine)}`),
    ...cables.map(([a, b]) => `  ${a.machine} ${a.port} ── ${b.port} ${b.machine}`),
    '',
    'In another terminal, as root:',
    ...commands.map(([command, what]) => `  ${command}\n      ${what}`),
    ...(first === undefined
      ? []
      : [
          `  ssh -i ${identityFile} -o UserKnownHostsFile=${knownHostsFile} -p ${first.port} ${first.user}@${first.far}`,
          '      a shell on the first of them',
        ]),
  ].join('\n');
}
