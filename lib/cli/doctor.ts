import { release } from 'node:os';

import type { Command } from '@commander-js/extra-typings';

import { thisMachine } from '../bootstrap/machine.mjs';
import { examine } from '../doctor/examine.js';
import { probesFor } from '../doctor/probes.js';
import type { Finding } from '../doctor/types.js';
import { dataPlaneNamed } from '../registries.js';
import { EXIT } from './exitCodes.js';
import { painter, print, printJson } from './terminal.js';
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
    .option('--json', 'print one JSON object')
    .action(async ({ json, ...options }) => {
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
            qualificationOn(options.dataPlane),
          ),
        );
      }
      if (!ready) process.exitCode = EXIT.infrastructure;
    });
}

/** What a machine is to run, in words. */
function qualificationOn(dataPlane: string | undefined): string {
  return dataPlane === undefined ? 'the default qualification' : `a qualification on the data plane ${dataPlane}`;
}

/** The findings as text for a terminal: required ones first, as they stand in the table. */
export function doctorText(
  findings: readonly Finding[],
  machine: string,
  qualification = qualificationOn(undefined),
  paint = painter(process.stdout),
): string {
  const width = Math.max(...findings.map((finding) => finding.name.length));
  const section = (need: Finding['need']): readonly string[] =>
    findings
      .filter((finding) => finding.need === need)
      .flatMap((finding) => {
        const mark = finding.works ? paint('green', 'works') : paint(need === 'required' ? 'red' : 'yellow', 'fails');
        const head = `  ${mark}  ${finding.name.padEnd(width)}  ${finding.neededFor}`;
        const indent = ' '.repeat(width + 11);
        const detail = [
          `$ ${finding.command}`,
          ...(finding.said === '' ? [] : finding.said.split('\n')),
          ...(finding.hint === null ? [] : `-> ${finding.hint}`.split('\n')),
        ];
        return [head, ...detail.map((line, i) => indent + (i === 0 ? paint('gray', line) : line))];
      });
  const broken = findings
    .filter((finding) => !finding.works && finding.need === 'required')
    .map((finding) => finding.name);
  const verdict =
    broken.length === 0
      ? `This machine can run ${qualification}.`
      : `This machine cannot run ${qualification} yet: ${broken.join(', ')}.`;
  return [
    machine,
    '',
    'required',
    ...section('required'),
    '',
    'optional',
    ...section('optional'),
    '',
    paint('bold', verdict),
  ].join('\n');
}
