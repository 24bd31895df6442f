import type { Command } from '@commander-js/extra-typings';
import { takeDown, type TakenDown } from '../console/client.js';
import { print, printJson } from './terminal.js';

const SAID: Readonly<Record<TakenDown, string>> = {
  down: 'the lab is down',
  killed: 'the lab did not answer; it has been killed, and nothing of it is left',
  none: 'no lab stands',
  'remains cleared': 'no lab stands: the last one was killed, and what it left has been cleared away',
};

/** Adds `down`: takes the standing lab down; no error when there is none. */
export function registerDown(program: Command): void {
  program
    .command('down')
    .description('take the standing lab down')
    .option('--json', 'print one JSON object')
    .action(async ({ json }) => {
      const result = await takeDown();
      await (json === true
        ? printJson({ result, stood: result === 'down' || result === 'killed' })
        : print(SAID[result]));
    });
}
