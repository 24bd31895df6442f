#!/usr/bin/env node
/** The `everyleaf` command: sets up what is missing (saying so on stderr), then runs the program. */
import { labPurpose } from './labPurpose.mjs';
import { thisMachine } from './machine.mjs';
import { runMain, runProgram, setUp } from './setUp.mjs';

await runMain(async () => {
  const args = process.argv.slice(2);
  const machine = thisMachine();
  await setUp(labPurpose(args), machine);
  await runProgram('lib/cli/main.js', args, machine);
});
