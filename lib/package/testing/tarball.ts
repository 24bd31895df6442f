import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { runProgram } from '../../runProgram.js';

/** What `npm pack` made. */
export interface Tarball {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** Paths inside the package. */
  readonly files: readonly string[];
}

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** What is read of a package-lock.json. */
interface Lock {
  readonly packages: Readonly<Record<string, { readonly link?: boolean; readonly dependencies?: unknown }>>;
}

async function npm(folder: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram('npm', args, { cwd: folder });
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${String(code)}:\n${stderr}${stdout}`);
  return stdout;
}

/** Packs what is built now: the tests build it first. */
export async function packProduct(folder: string): Promise<Tarball> {
  await mkdir(folder, { recursive: true });
  const said = JSON.parse(
    await npm(PACKAGE_ROOT, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder),
  ) as readonly Packed[] | Readonly<Record<string, Packed>>;
  // A list up to npm 10, an object by name from 11 on.
  const packed = Object.values(said)[0];
  if (packed === undefined) throw new Error('npm pack made nothing');
  return { file: join(folder, packed.filename), size: packed.size, files: packed.files.map(({ path }) => path) };
}

/**
 * Installs a tarball as a consumer does: npm gets nothing but the tarball and the names of other packages. A lock file
 * holds all of them at the versions that this checkout has, so that npm's cache has them and nothing depends on the
 * registry of today.
 * @returns names of what was installed
 */
export async function installIn(folder: string, tarball: Tarball): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const local = 'everyleaf.tgz';
  await copyFile(tarball.file, join(folder, local));
  await copyFile(join(PACKAGE_ROOT, '.npmrc'), join(folder, '.npmrc'));
  const lock = JSON.parse(await readFile(join(PACKAGE_ROOT, 'package-lock.json'), 'utf8')) as Lock;
  const devDependencies = { everyleaf: `file:${local}` };
  // Not read by npm: the requirements are in the package that it unpacks.
  const own = { ...lock.packages[''], devDependencies: undefined, workspaces: undefined, resolved: `file:${local}` };
  const others = Object.entries(lock.packages).filter(
    ([path, entry]) => path.startsWith('node_modules/') && entry.link !== true,
  );
  const packages = { '': { devDependencies }, 'node_modules/everyleaf': own, ...Object.fromEntries(others) };
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'ours', private: true, type: 'module', devDependencies }),
  );
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
  await npm(folder, 'install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund');
  const installed = JSON.parse(await readFile(join(folder, 'node_modules/.package-lock.json'), 'utf8')) as Lock;
  return Object.keys(installed.packages).map((path) => path.replace(/^.*node_modules\//, ''));
}
