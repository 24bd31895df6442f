import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { readTextFile, TextFileError } from '../files.js';
import { writeArchive } from '../qualification/archive.js';
import { baselineOf, makeBundle, readBundle, readFolder } from '../qualification/bundle.js';
import { BundleError } from '../qualification/error.js';
import { parseRequirements } from '../qualification/requirements.js';
import { parseWaivers } from '../qualification/waivers.js';
import { UserError } from '../userError.js';
import { buildDigest } from './buildDigest.js';
import { cannotWrite } from './cannotWrite.js';
import { EXIT } from './exitCodes.js';
import { runEvidenceOf } from './judgeRun.js';
import { requireWritable } from './outputs.js';
import { everyleafVersion } from './version.js';
import { inWorkFolder } from './workFolder.js';
import { print, printJson } from './terminal.js';

const QUALIFY_HELP = `
Exit 0: qualified; 1: it is not, and the bundle says why. Anyone verifies it with: everyleaf verify. docs/qualification.md

  everyleaf qualify reports/out/<run> --requirements requirements.yaml --waivers waivers.yaml \\
    --sign ~/.ssh/id_ed25519 --out release.zip`;

/** Throws UserError where the file cannot be read. */
function textOf(file: string, what: string): string {
  try {
    return readTextFile(file);
  } catch (error) {
    if (error instanceof TextFileError) throw new UserError(`${what} ${file}: ${error.message}`);
    throw error;
  }
}

function evidenceOf(run: string): string {
  const evidence = runEvidenceOf(run);
  if (evidence === null)
    throw new UserError(`${run} is no run: it has no plan.json`, 'name the folder of a run, or its evidence');
  return evidence;
}

/** Throws UserError where it is no bundle. */
function readBaseline(path: string): string {
  if (!existsSync(path)) throw new UserError(`${path}: no such file or folder`, 'name a bundle with --baseline');
  try {
    return baselineOf(readBundle(path));
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    throw new UserError(`${path} is no bundle: ${error.message}`, 'name one that qualify made with --baseline');
  }
}

/** Adds `qualify`: runs, judged against requirements, as one signed file. */
export function registerQualify(program: Command): void {
  program
    .command('qualify')
    .description('judge runs against requirements, and sign what they show as one file')
    .argument('<run...>', 'folders of runs, or their evidence')
    .requiredOption('--requirements <file>', 'what must have been shown')
    .option('--waivers <file>', 'findings with which it is accepted all the same; none unless given')
    .option('--baseline <bundle>', 'the release before: the page says what has changed since')
    .requiredOption('--sign <key>', 'SSH key that signs: a private one, or a public one that an agent holds')
    .requiredOption('--out <file>', 'the bundle, a zip; it may not be there yet')
    .option('--json', 'print one JSON object')
    .addHelpText('after', QUALIFY_HELP)
    .action(async (paths, options) => {
      const requirements = textOf(options.requirements, 'requirements');
      const waivers = options.waivers === undefined ? '' : textOf(options.waivers, 'waivers');
      // Under the names that the user knows.
      parseRequirements(requirements, options.requirements);
      parseWaivers(waivers, options.waivers ?? 'waivers.yaml');
      if (!existsSync(options.sign))
        throw new UserError(`${options.sign}: there is no such key`, 'name one with --sign');
      const out = resolve(options.out);
      if (existsSync(out))
        throw new UserError(`${options.out} is there already`, 'a bundle is never replaced: name another file');
      requireWritable(out);
      const folders = paths.map(evidenceOf);
      const baseline = options.baseline === undefined ? null : readBaseline(options.baseline);
      await inWorkFolder('qualify', async (root) => {
        const said = { createdAt: new Date(), version: everyleafVersion(), build: buildDigest() };
        const given = { said, requirements, waivers, runs: folders.map(readFolder), baseline };
        const { files, derived } = await makeBundle(given, resolve(options.sign), root);
        const bytes = writeArchive(files);
        const part = `${out}.part`;
        try {
          writeFileSync(part, bytes);
          renameSync(part, out);
        } catch (error) {
          rmSync(part, { force: true });
          throw cannotWrite(options.out, error);
        }
        process.exitCode = derived.problems.length === 0 ? EXIT.pass : EXIT.fail;
        const { problems, notes, sentence } = derived;
        if (options.json === true)
          await printJson({ qualified: problems.length === 0, sentence, problems, notes, bundle: out });
        else
          await print(
            [
              sentence,
              ...problems.map((one) => `  ${one}`),
              ...notes.map((one) => `  note: ${one}`),
              `  bundle: ${out}`,
            ].join('\n'),
          );
      }).catch((error: unknown) => {
        throw error instanceof BundleError ? new UserError(error.message, 'a bundle cannot hold that') : error;
      });
    });
}
