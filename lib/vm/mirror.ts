import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../userError.js';
import { keptAnswers } from './answers.js';
import { cacheFolder } from './cache.js';
import { buildCommand, UNAVAILABLE } from './command.js';
import type { Flavour } from './hardware.js';
import { kernelsAmong, type KernelPackage } from './kernelNames.js';
import { withLock } from './lock.js';
import type { Progress } from './progress.js';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** Where kernels and tools come from. The last one has the iproute2 that knows the newest options of a bond. */
const SUITES = ['bookworm', 'bookworm-backports', 'trixie', 'trixie-backports', 'forky'];

/** The Debian mirror that this machine is set up with, asked by lists of our own: the machine's stay as they are. */
export interface Mirror {
  readonly address: string;
  kernels(flavour: Flavour): Promise<readonly KernelPackage[]>;
  /** The version that a package would come in. */
  version(name: string): Promise<string | null>;
  /**
   * What this machine would have to install for a package of a later suite, as `NAME=VERSION`: the package, and what of
   * its needs is not installed here, or is too old. Throws UserError where apt finds no way.
   *
   * @param suites the machine's own, and the later one: from there comes as little as can be
   */
  lackingHere(name: string, suites: readonly [own: string, later: string]): Promise<readonly string[]>;
  /** Fetches packages, by name or as `NAME=VERSION`, into a folder. */
  download(purpose: string, names: readonly string[], folder: string): Promise<void>;
}

async function addressOfMirror(): Promise<string> {
  const targets = await buildCommand('ask apt for its mirror', [
    'apt-get',
    'indextargets',
    '--format',
    '$(REPO_URI) $(ORIGIN) $(COMPONENT)',
    'Created-By: Packages',
  ]);
  const address = targets.split('\n').find((line) => / Debian main$/.test(line) && !/security/.test(line));
  if (address !== undefined) return address.replace(/\/? Debian main$/, '');
  throw new UserError('apt knows no Debian mirror', 'apt-get update fills its lists', UNAVAILABLE);
}

function writeConfig(folder: string, address: string): void {
  for (const part of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'status'), '');
  configure(folder, 'apt.conf', address, SUITES, join(folder, 'status'));
}

/**
 * A configuration of apt(8) with lists of our own. Returns its file.
 *
 * @param status what is installed, as dpkg(1) keeps it
 */
function configure(folder: string, name: string, address: string, suites: readonly string[], status: string): string {
  const source = (suite: string) => `deb [signed-by=${KEYRING}] ${address} ${suite} main\n`;
  const sources = join(folder, name === 'apt.conf' ? 'sources.list' : `${name}.list`);
  writeFileSync(sources, suites.map(source).join(''));
  const file = join(folder, name);
  const settings = {
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::status': status,
    'Dir::Cache': join(folder, 'cache'),
    // A snapshot of the mirror is older than its lists promise; their signatures are checked all the same.
    'Acquire::Check-Valid-Until': 'false',
    'Acquire::Languages': 'none',
    'APT::Sandbox::User': 'root',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`);
  writeFileSync(file, lines.join(''));
  return file;
}

/** What this machine has installed. */
const INSTALLED = '/var/lib/dpkg/status';

/** `NAME=VERSION` of each package that apt would fetch: `'URI' NAME_VERSION_ARCH.deb SIZE HASH`, a line each. */
export function packagesIn(uris: string): readonly string[] {
  return uris.split('\n').flatMap((line) => {
    const [, name, version] = /^'\S+' ([^_\s]+)_([^_\s]+)_[^_\s]+\.deb /.exec(line) ?? [];
    return name === undefined || version === undefined ? [] : [`${name}=${decodeURIComponent(version)}`];
  });
}

/** `fresh`: read anew; `kept`: as they were read less than a day ago, or else read anew. */
export type Lists = 'fresh' | 'kept';

/** A mirror gets new packages several times a day, and reading its lists takes 4 to 90 s. */
const KEPT_MS = 24 * 3_600_000;

/** When lists of this mirror were read, ms since the epoch; 0 where they were not. */
function readAt(stamp: string, address: string): number {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf(address) ? statSync(stamp).mtimeMs : 0;
}

/** What lists are lists of. */
const stampOf = (address: string) => `${address} ${SUITES.join(' ')}\n`;

/** Throws UserError when the mirror cannot be reached. */
export async function openMirror(lists: Lists, say: Progress): Promise<Mirror> {
  const folder = join(cacheFolder(), 'apt');
  mkdirSync(folder, { recursive: true });
  const address = await addressOfMirror();
  const env = { APT_CONFIG: join(folder, 'apt.conf') };
  const stamp = join(folder, 'read');
  const onWait = () => say('another process reads the lists of the mirror; waiting for it');
  await withLock(join(folder, 'lock'), onWait, async () => {
    const at = readAt(stamp, address);
    if (lists === 'fresh' || Date.now() - at > KEPT_MS) {
      rmSync(stamp, { force: true });
      writeConfig(folder, address);
      await buildCommand('read the lists of the Debian mirror', ['apt-get', '-qq', '--error-on=any', 'update'], {
        env,
        hint: `is ${address} reachable from here?`,
      });
      writeFileSync(stamp, stampOf(address));
    }
  });
  const answers = keptAnswers(folder, statSync(stamp).mtimeMs);
  return {
    address,
    async kernels(flavour) {
      return kernelsAmong(
        await answers.of('kernels', async () => {
          const argv = ['apt-cache', 'pkgnames', 'linux-image-'];
          return (await buildCommand('list the kernels', argv, { env })).split('\n');
        }),
        flavour,
      );
    },
    version: (name) =>
      answers.of(`version of ${name}`, async (): Promise<string | null> => {
        const table = await buildCommand('look up a package', ['apt-cache', 'madison', name], { env });
        return table.split('\n')[0]?.split('|')[1]?.trim() ?? null;
      }),
    async lackingHere(name, suites) {
      const [, later] = suites;
      const config = configure(folder, `here-${later}.conf`, address, suites, INSTALLED);
      const argv = ['apt-get', '-qq', '--print-uris', '--no-install-recommends', 'install', `${name}/${later}`];
      return packagesIn(
        await buildCommand(`find what ${name} of ${later} needs`, argv, { env: { APT_CONFIG: config } }),
      );
    },
    async download(purpose, names, into) {
      await buildCommand(purpose, ['apt-get', '-qq', 'download', ...names], { env, cwd: into });
    },
  };
}
