import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { resolveMachine } from '../ssh/resolve.js';
import type { SshMachine } from '../ssh/machine.js';
import type { Topology } from '../topology/model.js';
import type { Binding } from './schema.js';

/** Where the files are that a binding of Vagrant's machines names. */
export interface VagrantFiles {
  readonly topology: string;
  readonly replicator: string;
  /** What `vagrant/box.sh` left: the key that the machines show. */
  readonly knownHosts: string;
}

/** How a machine of a topology is reached, as `vagrant ssh-config` says it. Throws SshError where it does not. */
async function machinesOf(sshConfig: string, nodes: readonly string[]): Promise<readonly SshMachine[]> {
  const folder = await mkdtemp(join(tmpdir(), 'everyleaf-vagrant-'));
  try {
    const file = join(folder, 'ssh_config');
    await writeFile(file, sshConfig);
    return await Promise.all(
      nodes.map((node) =>
        resolveMachine(
          {
            name: node,
            host: node,
            port: null,
            user: null,
            via: [],
            sudo: true,
            keyFiles: [],
            agent: false,
            knownHosts: [],
            password: null,
          },
          file,
        ),
      ),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The binding of a topology to the machines that `vagrant up` made of it: bare ones, whose ports have the topology's
 * names, and which a lab may use as it likes.
 * @param sshConfig what `vagrant ssh-config` printed
 */
export async function vagrantBinding(topology: Topology, sshConfig: string, files: VagrantFiles): Promise<string> {
  const nodes = [topology.host.node, ...topology.leaves.map(({ name }) => name)];
  const machines = await machinesOf(sshConfig, nodes);
  const [keyFile] = machines.flatMap(({ identity }) => identity.keyFiles);
  const binding: Binding = {
    binding: `vagrant-${topology.name}`,
    topology: files.topology,
    switches: 'built',
    lease: { at: topology.leaves[0]?.name ?? topology.host.node },
    machines: Object.fromEntries(
      machines.map(({ name, host, port, user }) => [name, { ssh: host, port, user, sudo: true, os: 'linux' }]),
    ),
    keys: {
      ...(keyFile === undefined ? {} : { identity: { file: keyFile } }),
      agent: false,
      knownHosts: files.knownHosts,
    },
    host: {
      machine: topology.host.node,
      change: 'tmp',
      ports: Object.fromEntries(topology.legs.map(({ hostPort }) => [hostPort, hostPort])),
      replicator: { start: files.replicator },
    },
    senders: { [topology.host.node]: { interface: topology.host.nic } },
    leaves: Object.fromEntries(
      topology.leaves.map(({ name }) => [
        name,
        {
          machine: name,
          ports: Object.fromEntries(
            topology.legs.filter(({ leaf }) => leaf === name).map(({ leafPort }) => [leafPort, leafPort]),
          ),
          vantage: { kind: 'port' as const },
          faults: { unplug: { by: 'self' } },
        },
      ]),
    ),
  };
  return stringify(binding);
}
