import type { Command } from '@commander-js/extra-typings';
import { worstOf } from '../judge/tell/verdict.js';
import { tryKernel, type KernelResult } from '../kernels/kernel.js';
import { differencesOf, kernelsPage } from '../kernels/page.js';
import { kernelNames, wantedKernels } from '../kernels/wanted.js';
import { UserError } from '../userError.js';
import { buildGuest, type BuiltGuest, type WantedKernel } from '../vm/buildGuest.js';
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
      '"newest", a version that the Debian mirror has, or the path of a kernel; may be repeated',
      collect,
    )
    .option(
      '--kernel-modules <folder>',
      'modules of a kernel with a path, where they are not beside it; once for each such kernel, or for all',
      collect,
    )
    .option('--evidence <folder>', 'keep captures and logs there; "everyleaf judge" reads each folder in it')
    .option('--json', 'print one JSON object')
    .action(async ({ kernel, kernelModules, evidence, json }) => {
      if (evidence !== undefined && existsSync(evidence) && readdirSync(evidence).length > 0)
        throw new UserError(`${evidence} is not empty`, 'name a folder that is, or that is not there yet');
      const wanted = wantedKernels(kernel ?? ['newest'], kernelModules ?? []);
      const kernels = await asUnavailable(() => tryAll(wanted, evidence ?? null));
      const verdict = worstOf(kernels.map((one) => one.verdict));
      process.exitCode = exitCodeOf(verdict);
      if (json === true) await printJson({ verdict, kernels, differences: differencesOf(kernels) });
      else await print(kernelsPage(kernels));
    });
}

const collect = (one: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), one];

/** Builds all guests first, so that what is lacking is said before anything is tried; each kernel once. */
async function tryAll(wanted: readonly WantedKernel[], evidence: string | null): Promise<readonly KernelResult[]> {
  const built = new Map<string, BuiltGuest>();
  for (const one of wanted) {
    const guest = await buildGuest(one, say);
    built.set(guest.guest.folder, guest);
  }
  const guests = [...built.values()];
  const names = kernelNames(guests.map(({ guest: { release }, image }) => ({ release, image })));
  const results: KernelResult[] = [];
  for (const [at, { guest, snapshot, image }] of guests.entries()) {
    await using pool = openPool(guest, snapshot);
    const { version, folder } = names[at] ?? { version: guest.release, folder: guest.release };
    results.push(await tryKernel({ version, release: guest.release, image, folder, pool }, evidence, say));
  }
  return results;
}
