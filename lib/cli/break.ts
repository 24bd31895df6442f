import type { Command } from '@commander-js/extra-typings';
import { DEFAULTS } from '../defaults.js';
import { verbsOf } from '../fault/verbs.js';
import { needLabDaemon } from '../console/client.js';
import type { BreakResult } from '../console/protocol.js';
import { painter, print, printJson } from './terminal.js';

/** Adds `break LEG VERB`: breaks a leg of the standing lab, or mends it. */
export function registerBreak(program: Command): void {
  program
    .command('break')
    .description('break a leg of the standing lab, or mend it')
    .argument('<leg>', 'name of the leg, for instance leg-a')
    .argument(
      '<verb>',
      verbsOf(DEFAULTS.faults)
        .map((verb) => `${verb.name}: ${verb.event}`)
        .join('; '),
    )
    .option('--json', 'print one JSON object')
    .action(async (leg, verb, { json }) => {
      using daemon = await needLabDaemon();
      const result = await daemon.call('break', { leg, verb });
      await (json === true ? printJson(result) : print(describe(result)));
    });
}

function describe(result: BreakResult): string {
  const paint = painter(process.stdout);
  const width = Math.max(...result.legs.map((leg) => leg.name.length));
  return [
    `${result.leg}: ${result.event}`,
    ...result.legs.map(
      (leg) => `  ${leg.name.padEnd(width)}  ${paint(leg.state === 'up' ? 'green' : 'red', leg.state)}  to ${leg.leaf}`,
    ),
    `the host says: ${result.facts.map((fact) => `${fact.name} ${fact.value}`).join(', ')}`,
  ].join('\n');
}
