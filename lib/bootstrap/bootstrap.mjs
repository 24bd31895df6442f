/**
 * `npm start [-- arguments of run]` and `npm test [-- arguments of playwright]`, from a bare clone onwards; the same
 * for `npm run bench` and `npm run fuzz`. `build` is what `npm pack` needs, and `set-up` what `npm test` does before
 * the tests.
 */
import { join } from 'node:path';

import { labPurpose } from './labPurpose.mjs';
import { environmentFor, thisMachine } from './machine.mjs';
import { runChild } from './runChild.mjs';
import { SetupError } from './say.mjs';
import { ROOT, runMain, runProgram, setUp } from './setUp.mjs';

await runMain(async () => {
  const [task, ...args] = process.argv.slice(2);
  const machine = thisMachine();
  switch (task) {
    case 'start':
      await setUp(labPurpose(['run', ...args]), machine);
      await runProgram('lib/cli/main.js', ['run', ...args], machine);
      return;
    case 'test': {
      await setUp('test', machine);
      const playwright = join(ROOT, 'node_modules/@playwright/test/cli.js');
      // The summary comes last on the list of reporters, so it has the last word.
      const reporters = `--reporter=${process.stdout.isTTY ? 'line' : 'dot'},${join(ROOT, 'lib/runner/summaryReporter.ts')}`;
      const options = /** @type {const} */ ({ cwd: ROOT, env: environmentFor(machine), stdio: 'inherit' });
      process.exitCode = await runChild(
        process.execPath,
        [playwright, 'test', '-c', 'playwright.unit.config.ts', reporters, ...args],
        options,
      );
      return;
    }
    case 'bench':
      await setUp('start', machine);
      await runProgram('bench/main.js', args, machine);
      return;
    case 'fuzz':
      await setUp('no-lab', machine);
      await runProgram('lib/fuzz/main.js', args, machine);
      return;
    case 'build':
      await setUp('no-lab', machine);
      return;
    case 'set-up':
      await setUp('test', machine);
      return;
    default:
      throw new SetupError('usage: node lib/bootstrap/bootstrap.mjs start|test|bench|fuzz|build|set-up [arguments]', 2);
  }
});
