import { release } from 'node:os';

import type { Command } from '@commander-js/extra-typings';

import { thisMachine } from '../bootstrap/machine.mjs';
import { examine } from '../doctor/examine.js';
import { probesFor } from '../doctor/probes.js';
import { dataPlaneNamed } from '../registries.js';
import type { SshTarget } from '../ssh/resolve.js';
import { UserError } from '../userError.js';
import { boundMachines } from './boundMachines.js';
import { doctorFar, targetOf } from './doctorFar.js';
import { doctorText, verdictOn } from './doctorText.js';
import { EXIT } from './exitCodes.js';
import { print, printJson } from './terminal.js';
import { openWorkspace } from './workspace.js';

/** `everyleaf doctor`: what this machine can do, found out by doing it. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'try everything that a lab may need of this machine, and print what works, what does not, and the command that showed it',
    )
    .option('--data-plane <kind>', 'with what this data plane takes; the first of your config without it')
    .option('--config <file>', 'your config; without it everyleaf.config.ts, .mts, .js or .mjs of this folder')
    .option('--ssh <address...>', 'machines to log in to, [USER@]HOST[:PORT]: what they can do, instead of this one')
    .option('--known-hosts <file>', 'with --ssh: host keys beside those of your own configuration')
    .option('--binding <file>', 'the machines of a binding: what they can do, instead of this one')
    .option('--sudo', 'with --ssh: sudo may be used there, without a password')
    .option('--json', 'print one JSON object')
    .action(async ({ json, ...options }) => {
      const targets = await farTargets(options);
      if (targets !== null) {
        const ready = await doctorFar(targets, json === true);
        if (!ready) process.exitCode = EXIT.infrastructure;
        return;
      }
      const { registries } = await openWorkspace(options.config);
      const kind = options.dataPlane ?? registries.dataPlanes[0]?.kind ?? '';
      const plane = dataPlaneNamed(kind, registries);
      const machine = thisMachine();
      const findings = await examine(probesFor(plane.machine), machine);
      const ready = findings.every((finding) => finding.works || finding.need === 'optional');
      const user = machine.uid === 0 ? 'root' : `user ${String(machine.uid)}`;
      if (json === true) {
        await printJson({
          ready,
          dataPlane: plane.kind,
          user,
          kernel: release(),
          node: process.versions.node,
          capabilities: findings,
        });
      } else {
        await print(
          doctorText(
            findings,
            `Linux ${release()}, Node ${process.versions.node}, as ${user}`,
            verdictOn(options.dataPlane),
          ),
        );
      }
      if (!ready) process.exitCode = EXIT.infrastructure;
    });
}

interface FarChoice {
  readonly ssh?: readonly string[] | undefined;
  readonly binding?: string | undefined;
  readonly knownHosts?: string | undefined;
  readonly sudo?: true | undefined;
}

/** The machines that are meant instead of this one; null for this one. */
async function farTargets({ ssh, binding, knownHosts, sudo }: FarChoice): Promise<readonly SshTarget[] | null> {
  if (ssh !== undefined && binding !== undefined)
    throw new UserError('--ssh and --binding both name machines', 'give one of them');
  if (binding !== undefined) {
    const { targets } = await boundMachines(binding);
    return [...targets.values()];
  }
  return (
    ssh?.map((text) =>
      targetOf(text, { knownHosts: knownHosts === undefined ? [] : [knownHosts], sudo: sudo === true }),
    ) ?? null
  );
}
