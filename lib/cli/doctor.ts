import { release } from 'node:os';

import type { Command } from '@commander-js/extra-typings';

import { thisMachine } from '../bootstrap/machine.mjs';
import { examine } from '../doctor/examine.js';
import { PROBES } from '../doctor/probes.js';
import type { Finding } from '../doctor/types.js';
import { EXIT } from './exitCodes.js';
import { painter, print, printJson } from './terminal.js';

/** `everyleaf doctor`: what this machine can do, found out by doing it. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'try everything that a lab may need of this machine, and print what works, what does not, and the command that showed it',
    )
    .option('--json', 'print one JSON object')
    .action(async ({ json }) => {
      const machine = thisMachine();
      const findings = await examine(PROBES, machine);
      const ready = findings.every((finding) => finding.works || finding.need === 'optional');
      const user = machine.uid === 0 ? 'root' : `user ${String(machine.uid)}`;
      if (json === true) {
        await printJson({ ready, user, kernel: release(), node: process.versions.node, capabilities: findings });
      } else {
        await print(doctorText(findings, `Linux ${release()}, Node ${process.versions.node}, as ${user}`));
      }
      if (!ready) process.exitCode = EXIT.infrastructure;
    });
}

/** The findings as text for a terminal: required ones first, as they stand in the table. */
export function doctorText(findings: readonly Finding[], machine: string, paint = painter(process.stdout)): string {
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
      ? 'This machine can run the default qualification.'
      : `This machine cannot run the default qualification yet: ${broken.join(', ')}.`;
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
