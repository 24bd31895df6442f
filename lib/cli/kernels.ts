import type { Command } from '@commander-js/extra-typings';
import { worstOf } from '../judge/tell/verdict.js';
import { tryKernel, type KernelResult } from '../kernels/kernel.js';
import { differencesOf, kernelsPage } from '../kernels/page.js';
import { UserError } from '../userError.js';
import { buildGuest, type BuiltGuest } from '../vm/buildGuest.js';
import { openPool } from '../vm/pool.js';
import { asUnavailable } from '../vm/unavailable.js';
import { existsSync, readdirSync } from 'node:fs';
import { exitCodeOf } from './exitCodes.js';
import { print, printJson } from './terminal.js';

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Adds `kernels`: what each kernel's own replicator does, on the page of one table. */
export function registerKernels(program: Command): void {
  program
    .command('kernels')
    .description('try the bonding option broadcast_neighbor of one or more kernels, off and on, in guests')
    .option(
      '--kernel <kernel>',
      '"newest", or a version that the Debian mirror has; may be repeated',
      (one: string, all: string[] | undefined): string[] => [...(all ?? []), one],
    )
    .option('--evidence <folder>', 'keep captures and logs there; "everyleaf judge" reads each folder in it')
    .option('--json', 'print one JSON object')
    .action(async ({ kernel, evidence, json }) => {
      if (evidence !== undefined && existsSync(evidence) && readdirSync(evidence).length > 0)
        throw new UserError(`${evidence} is not empty`, 'name a folder that is, or that is not there yet');
      const kernels = await asUnavailable(() => tryAll(kernel ?? ['newest'], evidence ?? null));
      const verdict = worstOf(kernels.map((one) => one.verdict));
      process.exitCode = exitCodeOf(verdict);
      if (json === true) await printJson({ verdict, kernels, differences: differencesOf(kernels) });
      else await print(kernelsPage(kernels));
    });
}

/** Builds all guests first, so that what is lacking is said before anything is tried; each kernel once. */
async function tryAll(wanted: readonly string[], evidence: string | null): Promise<readonly KernelResult[]> {
  const built = new Map<string, BuiltGuest>();
  for (const one of wanted) {
    const guest = await buildGuest(one, say);
    built.set(guest.guest.release, guest);
  }
  const results: KernelResult[] = [];
  for (const { guest, snapshot } of built.values()) {
    await using pool = openPool(guest, snapshot);
    const version = /^\d+(?:\.\d+)*/.exec(guest.release)?.[0] ?? guest.release;
    results.push(await tryKernel({ version, release: guest.release, pool }, evidence, say));
  }
  return results;
}
