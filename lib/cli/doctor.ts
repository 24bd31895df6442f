import { release } from 'node:os';

import type { Command } from '@commander-js/extra-typings';

import { thisMachine } from '../bootstrap/machine.mjs';
import { examine } from '../doctor/examine.js';
import { probesFor } from '../doctor/probes.js';
import { dataPlaneNamed } from '../registries.js';
import { doctorFar } from './doctorFar.js';
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
    .option('--sudo', 'with --ssh: sudo may be used there, without a password')
    .option('--json', 'print one JSON object')
    .action(async ({ json, ...options }) => {
      if (options.ssh !== undefined) {
        const ready = await doctorFar(options.ssh, {
          knownHosts: options.knownHosts === undefined ? [] : [options.knownHosts],
          sudo: options.sudo === true,
          json: json === true,
        });
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
