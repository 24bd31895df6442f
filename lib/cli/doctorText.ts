import type { Finding } from '../doctor/types.js';
import { painter } from './terminal.js';

/** The last line: what this machine can run, or why it cannot yet. */
export function verdictOn(dataPlane: string | undefined): (broken: readonly string[]) => string {
  const what = dataPlane === undefined ? 'the default qualification' : `a qualification on the data plane ${dataPlane}`;
  return (broken) =>
    broken.length === 0
      ? `This machine can run ${what}.`
      : `This machine cannot run ${what} yet: ${broken.join(', ')}.`;
}

/** The findings as text for a terminal: required ones first, as they stand in the table. */
export function doctorText(
  findings: readonly Finding[],
  machine: string,
  verdict = verdictOn(undefined),
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
  return [
    machine,
    '',
    'required',
    ...section('required'),
    '',
    'optional',
    ...section('optional'),
    '',
    paint('bold', verdict(broken)),
  ].join('\n');
}
