import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { runProgram } from '../runProgram.js';
import { UserError } from '../userError.js';
import { cachedPart } from './cache.js';
import { buildCommand } from './command.js';
import { NODE, PROGRAMS_FOLDER } from './init.js';
import type { Progress } from './progress.js';

/** Name of the part's one file. */
export const PROGRAMS_DISK = 'programs.erofs';

/** Our own programs that run in guests: bundles of lib/bootstrap/bundle.mjs, by the file that they are made of. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'agent/main.js': 'agent',
  'control/tamper/relay/relay.js': 'relay',
  'fabric/stream/client.js': 'streamClient',
  'fabric/stream/server.js': 'streamServer',
  'replicator/ovs/controller/program.js': 'controller',
};

/** The command that runs one of our programs in a guest; null for one that is not there. */
export function programCommand(program: string): readonly string[] | null {
  const bundle = PROGRAMS[program];
  return bundle === undefined ? null : [...NODE, `${PROGRAMS_FOLDER}/${bundle}.js`];
}

/** The loader of a program, and the shared libraries that it takes, with their paths on this machine. */
async function librariesOf(file: string): Promise<readonly string[]> {
  const { code, stdout } = await runProgram('ldd', [file]);
  if (code !== 0) throw new UserError(`"ldd ${file}" does not say which libraries it needs`);
  return stdout.split('\n').flatMap((line) => /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1] ?? []);
}

/** Folders of the packages with koffi, which bundles do not hold, by their names. */
function koffiPackages(): ReadonlyMap<string, string> {
  const koffi = createRequire(join(PACKAGE_ROOT, 'package.json')).resolve('koffi');
  const native = `@koromix/koffi-${process.platform}-${process.arch}`;
  return new Map([
    ['koffi', dirname(koffi)],
    [native, dirname(createRequire(koffi).resolve(native))],
  ]);
}

const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);

/** A folder with `PROGRAMS_DISK`: Node, and what of ours it runs in guests. One for all kernels. */
export async function programsPart(say: Progress): Promise<string> {
  const bundles = Object.values(PROGRAMS).map((name) => join(PACKAGE_ROOT, `dist/lib/bundle/${name}.js`));
  const [lost] = bundles.filter((path) => !existsSync(path));
  if (lost !== undefined) throw new UserError(`${lost} is not there`, 'npm run build makes it');
  const node = realpathSync(process.execPath);
  const libraries = await librariesOf(node);
  const packages = koffiPackages();
  const ingredients = {
    node: [process.version, statSync(node).size],
    libraries: libraries.map((path) => [basename(path), statSync(path).size]),
    packages: [...packages].map(([name, folder]) => [name, digest(join(folder, 'package.json'))]),
    bundles: bundles.map((path) => [basename(path), digest(path)]),
  };
  return cachedPart(
    'programs',
    ingredients,
    async (building) => {
      say('making the disk with the programs of guests');
      const root = join(building, 'root');
      mkdirSync(join(root, 'lib'), { recursive: true });
      copyFileSync(node, join(root, 'node'));
      for (const path of libraries) {
        const isLoader = /^ld[-.]/.test(basename(path));
        copyFileSync(path, join(root, 'lib', isLoader ? 'loader' : basename(path)));
        if (isLoader) chmodSync(join(root, 'lib/loader'), 0o755);
      }
      for (const [name, folder] of packages)
        cpSync(folder, join(root, 'node_modules', name), { recursive: true, dereference: true });
      for (const path of bundles) copyFileSync(path, join(root, basename(path)));
      await buildCommand('pack the programs of guests', ['mkfs.erofs', join(building, PROGRAMS_DISK), root], {
        hint: 'apt-get install erofs-utils',
      });
      rmSync(root, { recursive: true });
    },
    () => say('another process is making the disk with the programs of guests; waiting for it'),
  );
}
