import { createInterface } from 'node:readline';
import { Argument, type Command } from '@commander-js/extra-typings';
import { shellCommand } from '../shellQuote.js';
import { buildGuest, type WantedKernel } from '../vm/buildGuest.js';
import { listParts, removeParts, type Part } from '../vm/parts.js';
import { partsOfKernel } from '../vm/partsOf.js';
import { openPool } from '../vm/pool.js';
import { asUnavailable } from '../vm/unavailable.js';
import { print, printJson } from './terminal.js';

const OPERATIONS = ['build', 'list', 'rm', 'shell'] as const;
const MEGABYTE = 1_000_000;
/** For one command that a person typed. */
const COMMAND_MS = 600_000;

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Adds `vm build|list|rm|shell`: guests with kernels of their own. */
export function registerVm(program: Command): void {
  program
    .command('vm')
    .description('build, list, remove or enter guests with other kernels')
    .addArgument(new Argument('<operation>', 'what to do').choices(OPERATIONS))
    .argument('[command...]', 'shell: what to run; without it, each line of stdin')
    .option('--kernel <kernel>', '"newest", a version that the Debian mirror has, or a path; rm: all without it')
    .option('--kernel-modules <folder>', 'modules of a kernel with a path, where they are not beside it')
    .option('--json', 'list: print one JSON array')
    .action(async (operation, argv, { kernel, kernelModules, json }) => {
      const wanted = { kernel: kernel ?? 'newest', modules: kernelModules === undefined ? [] : [kernelModules] };
      switch (operation) {
        case 'build': {
          const { guest } = await asUnavailable(() => buildGuest(wanted, say, 'fresh'));
          return print(`a guest of kernel ${guest.release} is ready`);
        }
        case 'list':
          return json === true ? printJson(listParts()) : print(table(listParts()));
        case 'rm': {
          const parts = kernel === undefined ? listParts() : partsOfKernel(listParts(), kernel);
          await removeParts(parts, say);
          return print(`removed ${parts.length} parts`);
        }
        case 'shell':
          process.exitCode = await asUnavailable(() => enter(wanted, argv));
      }
    });
}

function table(parts: readonly Part[]): string {
  if (parts.length === 0) return 'nothing is built; "everyleaf vm build" builds a guest of the newest kernel';
  return parts
    .map(
      ({ kind, release, kernel, image, bytes }) =>
        `${kind.padEnd(9)} ${(release ?? '').padEnd(32)} ${Math.ceil(bytes / MEGABYTE)} MB${image === null || kernel === null ? '' : `, of your own ${kernel}`}`,
    )
    .join('\n');
}

async function enter(wanted: WantedKernel, argv: readonly string[]): Promise<number> {
  const { guest, snapshot } = await buildGuest(wanted, say);
  await using pool = openPool(guest, snapshot, 1);
  await using live = await pool.take();
  const run = async (script: string) => {
    const { code, output } = await live.shell.run(script, COMMAND_MS);
    if (output !== '') await print(output);
    return code;
  };
  // Awaited here: at the return the guest goes.
  if (argv.length > 0) return await run(shellCommand(argv));
  say(`kernel ${guest.release}; each line is run by itself, and end-of-file leaves`);
  let last = 0;
  for await (const line of createInterface({ input: process.stdin })) last = await run(line);
  return last;
}
