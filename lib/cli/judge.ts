import { existsSync, statSync } from 'node:fs';
import type { Command } from '@commander-js/extra-typings';
import { isPath, readTextFile, TextFileError } from '../files.js';
import { PROFILES } from '../profile/builtIn.js';
import { ProfileError } from '../profile/error.js';
import { profileNamed } from '../profile/registry.js';
import type { Profile } from '../profile/types.js';
import { CLAIMS, DEMANDED, VANTAGE_NAMES } from '../judge/vantage/vantages.js';
import { UserError } from '../userError.js';
import type * as captureFiles from './judgeCaptureFiles.js';

const CAPTURES_HELP = `
Captures of leaves, one per leaf, from anywhere (pcap, pcapng, gzip, zstd, - for standard input):
  everyleaf judge leaf-a=A.pcap leaf-b=B.pcapng.gz --host 02:00:00:00:01:0a --profile every-neighbor-frame
  everyleaf judge A.pcap B.pcap --hosts auto --report verdict.html --pcapng merged.pcapng
Mirrors (ERSPAN, VXLAN, ...) and files that hold several leaves:
  everyleaf judge leaf-a=M.pcap@session:1 leaf-b=M.pcap@session:2 --hosts auto   (also @interface:NAME, @vlan:ID)
What a capture can carry, and what a pass must stand for:
  everyleaf judge leaf-a=A.pcap leaf-b=B.pcap --hosts auto --vantage leaf-b=trap --demand reached
How to take them and how to read the verdict: docs/judging-captures.md`;

/**
 * Adds `judge`: a verdict from an evidence folder, or from captures that were taken anywhere.
 * @param loadCaptures what judges captures; loaded when it is needed, unless it is there already
 */
export function registerJudge(
  program: Command,
  loadCaptures: () => Promise<typeof captureFiles> = () => import('./judgeCaptureFiles.js'),
): void {
  const several = (value: string, before: readonly string[] | undefined): readonly string[] => [
    ...(before ?? []),
    value,
  ];
  program
    .command('judge')
    .description('judge evidence again, or captures that were taken anywhere')
    .argument(
      '<folder or captures...>',
      'evidence folder of a run or of one experiment; or one capture per leaf, as FILE or NAME=FILE',
    )
    .option('--profile <name or file>', 'who must replicate what; evidence has one of its own')
    .option('--json', 'print the judgement as JSON')
    .option('--host <mac>', 'captures: a host whose frames are judged; may be repeated', several)
    .option('--host-file <file>', 'captures: lines of MAC and name')
    .option('--hosts <auto>', 'captures: every MAC that sends ARP, NS or NA is a host')
    .option(
      '--gateway <mac>',
      'captures of received frames: the MAC of a leaf or gateway, whose frames may not come back; may be repeated',
      several,
    )
    .option(
      '--clock <shared or measure>',
      'captures: one clock stamped all of them, or find the offsets from common frames (default)',
    )
    .option(
      '--vantage <leaf=kind>',
      `captures: where one was taken, which takes claims away; may be repeated; one of ${VANTAGE_NAMES.join(', ')}`,
      several,
    )
    .option('--losses <leaf=n>', 'captures: frames that its loss counters say were lost; may be repeated', several)
    .option(
      '--demand <claims>',
      `captures: what a pass must stand for (default ${DEMANDED.join(',')}), of ${CLAIMS.join(', ')}`,
    )
    .option('--explain <leaf#n>', 'captures: say what the frame with this number was paired with, or why with nothing')
    .option('--report <file>', 'captures: write the HTML page')
    .option(
      '--pcapng <file>',
      'captures: write all of them as one, on one clock, with the verdict on each frame as comment',
    )
    .addHelpText('after', CAPTURES_HELP)
    .action(async (paths, { profile: wanted, ...options }) => {
      const [path = ''] = paths;
      const profile = wanted === undefined ? undefined : await loadProfile(wanted);
      // A leaf's name before it makes it a capture, and one is too few.
      if (paths.length === 1 && !existsSync(path) && !/^[\w.-]+=/.test(path))
        throw new UserError(`${path}: no such file or folder`);
      if (paths.length > 1 || !isFolder(path)) {
        await (await loadCaptures()).judgeCaptureFiles(paths, { ...options, profile });
        return;
      }
      for (const name of ONLY_CAPTURES)
        if (options[name] !== undefined)
          throw new UserError(
            `${dashed(name)} does not apply to evidence, which says itself what it holds`,
            'it is for captures that were taken elsewhere: everyleaf judge --help',
          );
      // Loaded when they are needed: judging captures shall not wait for the schemas of evidence.
      await (await import('./judgeFolder.js')).judgeFolder(path, { profile, json: options.json === true });
    });
}

/** Options without a meaning for evidence. */
const ONLY_CAPTURES = [
  'host',
  'hostFile',
  'hosts',
  'gateway',
  'clock',
  'report',
  'pcapng',
  'vantage',
  'losses',
  'demand',
  'explain',
] as const;

function dashed(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** Built-in profiles; where none has this name, also those of the config of this folder. */
async function knownProfiles(wanted: string): Promise<readonly Profile[]> {
  if (PROFILES.some(({ name }) => name === wanted)) return PROFILES;
  return (await (await import('./workspace.js')).openWorkspace(undefined)).registries.profiles;
}

/** A profile by name, or a file of the user's own. */
export async function loadProfile(nameOrFile: string): Promise<Profile> {
  try {
    if (!isPath(nameOrFile)) return profileNamed(nameOrFile, await knownProfiles(nameOrFile));
    const { parseProfile } = await import('../profile/parse.js');
    return parseProfile(readTextFile(nameOrFile), nameOrFile);
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof ProfileError) throw new UserError(error.message);
    if (error instanceof TextFileError) throw new UserError(`profile ${nameOrFile} cannot be read: ${error.message}`);
    throw error;
  }
}
