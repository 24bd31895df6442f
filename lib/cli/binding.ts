import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { vagrantBinding } from '../binding/vagrant.js';
import { DEFAULTS } from '../defaults.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { loadTopology } from '../run/loadTopology.js';
import { runProgram } from '../runProgram.js';
import { UserError } from '../userError.js';
import { EXIT } from './exitCodes.js';
import { print } from './terminal.js';

const VAGRANT_FOLDER = join(PACKAGE_ROOT, 'vagrant');
/** Vagrant asks the provider for each machine's address; Ruby alone takes some seconds to start. */
const VAGRANT_MS = 120_000;

/** Adds `binding`: writes a binding for machines that were made for a lab. */
export function registerBinding(program: Command): void {
  program
    .command('binding')
    .description('print a binding for the machines that "vagrant up" made of a topology')
    .argument('[topology]', 'topology file', join(PACKAGE_ROOT, 'topologies/dual-leaf.yaml'))
    .requiredOption('--vagrant', 'from Vagrant, in the folder vagrant/ of this package')
    .option('--ssh-config <file>', 'what "vagrant ssh-config" printed, instead of running it')
    .action(async (topology, { sshConfig }) => {
      const file = resolve(topology);
      const model = await loadTopology(file, DEFAULTS.dataPlanes);
      await print(
        await vagrantBinding(model, sshConfig === undefined ? await askVagrant(file) : await readText(sshConfig), {
          topology: file,
          replicator: join(PACKAGE_ROOT, 'docs/examples/replicator/ovs-flows.yaml'),
          knownHosts: join(VAGRANT_FOLDER, 'build/known_hosts'),
        }),
      );
    });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

async function askVagrant(topology: string): Promise<string> {
  const { code, stdout, stderr } = await runProgram('vagrant', ['ssh-config'], {
    env: { ...process.env, VAGRANT_CWD: VAGRANT_FOLDER, EVERYLEAF_TOPOLOGY: topology },
    timeout: VAGRANT_MS,
  });
  if (code === 0) return stdout;
  if (code === null && stderr.includes('ENOENT'))
    throw new UserError('vagrant is not here', 'apt-get install vagrant vagrant-libvirt', EXIT.infrastructure);
  throw new UserError(
    `"vagrant ssh-config" failed: ${stderr.trim()}`,
    `are its machines up? EVERYLEAF_TOPOLOGY=${topology} vagrant up, in ${VAGRANT_FOLDER}`,
    EXIT.infrastructure,
  );
}
