import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { readTextFile, TextFileError } from '../files.js';
import { readBundle } from '../qualification/bundle.js';
import { BundleError } from '../qualification/error.js';
import { verifyBundle, type Outcome, type Verification } from '../qualification/verify.js';
import { UserError } from '../userError.js';
import { buildDigest } from './buildDigest.js';
import { EXIT } from './exitCodes.js';
import { print, printJson } from './terminal.js';
import { everyleafVersion } from './version.js';
import { inWorkFolder } from './workFolder.js';

const VERIFY_HELP = `
Offline, without root and without a lab: the signature, every file, and all evidence, judged again. Exit 0: qualified;
1: not; 3: it cannot be told here. The signers are yours, never the bundle's: ssh-keygen(1), ALLOWED SIGNERS.

  everyleaf verify release.zip --signers allowed_signers`;

const EXIT_OF: Readonly<Record<Outcome, number>> = {
  qualified: EXIT.pass,
  'not qualified': EXIT.fail,
  unknown: EXIT.inconclusive,
};

/** Problems before they are only counted. */
const SHOWN = 40;

/** What was judged may hold anything, also what a terminal obeys. */
const printable = (line: string): string => line.replaceAll(/[^\P{Cc}\n]/gu, ' ');

function text({ sentence, principal, createdAt, problems, notes }: Verification): string {
  return [
    sentence,
    ...problems.slice(0, SHOWN).map((one) => `  ${one}`),
    ...(problems.length > SHOWN ? [`  and ${problems.length - SHOWN} more`] : []),
    ...notes.map((one) => `  note: ${one}`),
    ...(principal === null ? [] : [`  signed by ${principal}${createdAt === null ? '' : `, made at ${createdAt}`}`]),
  ]
    .map(printable)
    .join('\n');
}

/** Throws UserError where the signers are not a file of the verifier's. */
function requireSigners(signers: string, bundle: string): void {
  try {
    readTextFile(signers);
  } catch (error) {
    if (error instanceof TextFileError) throw new UserError(`signers ${signers}: ${error.message}`);
    throw error;
  }
  if (statSync(bundle).isDirectory() && realpathSync(signers).startsWith(realpathSync(bundle) + sep))
    throw new UserError(
      `${signers} came with the bundle, which may not say who may sign it`,
      'name a file of your own',
    );
}

/** Adds `verify`: whether a bundle that `qualify` made holds. */
export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('verify a bundle that qualify made: who signed it, and whether its evidence shows what it says')
    .argument('<bundle>', 'the zip, or the folder into which it was unpacked')
    .requiredOption('--signers <file>', 'allowed signers, as ssh-keygen(1) has them')
    .option('--principal <name>', 'only this one of them')
    .option('--json', 'print one JSON object')
    .addHelpText('after', VERIFY_HELP)
    .action(async (bundle, options) => {
      if (!existsSync(bundle)) throw new UserError(`${bundle}: no such file or folder`);
      requireSigners(options.signers, bundle);
      await inWorkFolder('verify', async (root) => {
        const found = await verification(bundle, resolve(options.signers), root, options.principal);
        process.exitCode = EXIT_OF[found.outcome];
        if (options.json === true) await printJson({ ...found, exitCode: process.exitCode });
        else await print(text(found));
      });
    });
}

async function verification(
  bundle: string,
  signers: string,
  root: string,
  principal: string | undefined,
): Promise<Verification> {
  try {
    return await verifyBundle(readBundle(bundle), {
      signers,
      now: new Date(),
      version: everyleafVersion(),
      build: buildDigest,
      root,
      ...(principal === undefined ? {} : { principal }),
    });
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    return {
      outcome: 'not qualified',
      sentence: 'Not qualified: this is no bundle that can be read.',
      principal: null,
      createdAt: null,
      problems: [error.message],
      notes: [],
    };
  }
}
