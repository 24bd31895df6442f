import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../userError.js';
import { keptAnswers } from './answers.js';
import { cacheFolder } from './cache.js';
import { buildCommand, UNAVAILABLE } from './command.js';
import { kernelsAmong, type KernelPackage } from './kernelNames.js';
import { withLock } from './lock.js';
import type { Progress } from './progress.js';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** Where kernels and tools come from. The last one has the iproute2 that knows the newest options of a bond. */
const SUITES = ['bookworm', 'bookworm-backports', 'trixie', 'trixie-backports', 'forky'];

/** The Debian mirror that this machine is set up with, asked by lists of our own: the machine's stay as they are. */
export interface Mirror {
  readonly address: string;
  kernels(): Promise<readonly KernelPackage[]>;
  /** The version that a package would come in. */
  version(name: string): Promise<string | null>;
  /** Fetches packages into a folder. */
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

function writeConfig(folder: string, address: string): string {
  for (const part of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'status'), '');
  const source = (suite: string) => `deb [signed-by=${KEYRING}] ${address} ${suite} main\n`;
  writeFileSync(join(folder, 'sources.list'), SUITES.map(source).join(''));
  const file = join(folder, 'apt.conf');
  const settings = {
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
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
    async kernels() {
      return kernelsAmong(
        await answers.of('kernels', async () => {
          const argv = ['apt-cache', 'pkgnames', 'linux-image-'];
          return (await buildCommand('list the kernels', argv, { env })).split('\n');
        }),
      );
    },
    version: (name) =>
      answers.of(`version of ${name}`, async (): Promise<string | null> => {
        const table = await buildCommand('look up a package', ['apt-cache', 'madison', name], { env });
        return table.split('\n')[0]?.split('|')[1]?.trim() ?? null;
      }),
    async download(purpose, names, into) {
      await buildCommand(purpose, ['apt-get', '-qq', 'download', ...names], { env, cwd: into });
    },
  };
}
