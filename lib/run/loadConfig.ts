import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { DEFAULTS } from '../defaults.js';
import type { Config } from '../config.js';
import { DEFAULT_OUT } from '../builtIn.js';
import type { Registries } from '../registries.js';
import { loadCommand, loadProfile } from '../replicator/command/load.js';
import { suggest } from '../topology/suggest.js';
import { UserError } from '../userError.js';
import { checkConfig, lineOfKey } from './configShape.js';
import { builtInSuites, WITHOUT_CONFIG, type Workspace } from './workspace.js';

/** The names that a config may have. */
export const CONFIG_NAMES = ['ts', 'mts', 'js', 'mjs'].map((ending) => `everyleaf.config.${ending}`);

/** Loads a module and returns its exports. The runner does it one way, and every other process another. */
export type ImportModule = (file: string) => Promise<unknown>;

/** The config of a folder; null where there is none. Throws UserError where there are two. */
export function findConfig(folder: string): string | null {
  const [found, second] = CONFIG_NAMES.filter((name) => existsSync(join(folder, name)));
  if (second !== undefined)
    throw new UserError(`${folder} has two configs, ${found ?? ''} and ${second}`, 'keep one of them');
  return found === undefined ? null : join(folder, found);
}

/** How messages name a file: relative to the current folder, unless that is far away. */
function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('../..') ? file : path;
}

/**
 * The workspace of a config file and what is built in. Throws UserError, with file and line, for everything that is
 * wrong in it.
 */
export async function loadWorkspace(configFile: string | null, importModule: ImportModule): Promise<Workspace> {
  if (configFile === null) return WITHOUT_CONFIG;
  const file = shown(configFile);
  if (!existsSync(configFile)) throw new UserError(`there is no config ${file}`, 'everyleaf init writes one');
  let exports: unknown;
  try {
    exports = await importModule(configFile);
  } catch (error) {
    throw new UserError(`${placeOf(error, configFile)}: it cannot be loaded: ${firstLine(error)}`);
  }
  const value = defaultExport(exports);
  if (value === undefined)
    throw new UserError(`${file}:1: it has no default export`, 'write: export default defineConfig({ ... })');
  return workspaceOf(value, configFile);
}

/** The default export of a module; a transpiler may have wrapped it once more. */
function defaultExport(exports: unknown): unknown {
  const inner = isRecord(exports) ? exports['default'] : undefined;
  return isRecord(inner) && inner['__esModule'] === true ? inner['default'] : inner;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

/** Where something went wrong while a config was loaded: in it, or in what it imports. */
function placeOf(error: unknown, configFile: string): string {
  const said = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : '';
  const folder = dirname(configFile);
  const [, path, line] =
    said
      .split('\n')
      .map((text) => /(?:file:\/\/)?(\/[^\s():]+):(\d+)/.exec(text))
      .find((match) => match?.[1]?.startsWith(folder) === true && !match[1].includes('/node_modules/')) ?? [];
  return path === undefined ? `${shown(configFile)}:1` : `${shown(path)}:${line ?? '1'}`;
}

/** The workspace of a config that has been loaded. Throws UserError. */
export function workspaceOf(value: unknown, configFile: string): Workspace {
  const file = shown(configFile);
  const text = readFileSync(configFile, 'utf8');
  const config = checkConfig(value, file, text);
  const folder = dirname(configFile);
  const at = (key: keyof Config) => `${file}:${lineOfKey(text, key)}`;
  const folderOf = (key: 'scenarios' | 'topologies'): string | null => {
    const named = config[key];
    if (named === undefined) return null;
    const path = resolve(folder, named);
    if (!isFolder(path)) throw new UserError(`${at(key)}: ${key}: there is no folder ${path}`);
    return path;
  };
  // A config without scenarios gets the built-in ones.
  const builtIn = config.builtInScenarios ?? config.scenarios === undefined;
  const suites = builtInSuites();
  const unknown = typeof builtIn === 'boolean' ? undefined : builtIn.find((suite) => !suites.includes(suite));
  if (unknown !== undefined)
    throw new UserError(
      `${at('builtInScenarios')}: there is no built-in suite "${unknown}"; ${suggest(unknown, suites)}`,
    );
  const registries = merged(ownEntries(config, folder, at), at);
  return {
    folder,
    configFile,
    scenarios: folderOf('scenarios'),
    topologies: folderOf('topologies'),
    out: config.out === undefined ? DEFAULT_OUT : resolve(folder, config.out),
    builtInScenarios: builtIn,
    registries,
  };
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** What a config brings, with the files that it names read. */
function ownEntries(config: Config, folder: string, at: (key: keyof Config) => string): Registries {
  const reading = <T>(key: keyof Config, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      throw error instanceof UserError
        ? new UserError(`${at(key)}: ${error.message}`, error.hint, error.exitCode)
        : new UserError(`${at(key)}: ${firstLine(error)}`);
    }
  };
  const profiles = (config.profiles ?? []).map((one) =>
    typeof one === 'string' ? reading('profiles', () => loadProfile(resolve(folder, one))) : one,
  );
  const known = [...profiles, ...DEFAULTS.profiles];
  return {
    testbeds: config.testbeds ?? [],
    dataPlanes: config.dataPlanes ?? [],
    replicators: (config.replicators ?? []).map((one) =>
      typeof one === 'string' ? reading('replicators', () => loadCommand(resolve(folder, one), known)) : one,
    ),
    faults: config.faults ?? [],
    profiles,
    mutants: config.mutants ?? [],
    tampers: config.tampers ?? [],
  };
}

/** Names of replicators and mutants become names of evidence folders, so they share one list. */
const SHARING: readonly (readonly (keyof Registries)[])[] = [
  ['testbeds'],
  ['dataPlanes'],
  ['replicators', 'mutants', 'tampers'],
  ['faults'],
  ['profiles'],
];

const SINGULAR: Readonly<Record<keyof Registries, string>> = {
  testbeds: 'testbed',
  dataPlanes: 'data plane',
  replicators: 'replicator',
  faults: 'fault',
  profiles: 'profile',
  mutants: 'mutant',
  tampers: 'tamper',
};

/** Names by which entries can be chosen. */
function namesIn(registries: Registries, key: keyof Registries): readonly string[] {
  switch (key) {
    case 'dataPlanes':
      return registries.dataPlanes.map(({ kind }) => kind);
    case 'faults':
      // Both can be typed after `break`.
      return registries.faults.flatMap(({ name, undoName }) => [name, undoName]);
    default:
      return registries[key].map(({ name }) => name);
  }
}

/** The user's own and what is built in. Throws UserError where two have one name. */
function merged(own: Registries, at: (key: keyof Config) => string): Registries {
  for (const keys of SHARING) {
    const builtIn = new Map(keys.flatMap((key) => namesIn(DEFAULTS, key).map((name) => [name, key] as const)));
    const seen = new Set<string>();
    for (const key of keys)
      for (const name of namesIn(own, key)) {
        const other = builtIn.get(name);
        if (other !== undefined)
          throw new UserError(
            `${at(key)}: the ${SINGULAR[key]} "${name}" has the name of a built-in ${SINGULAR[other]}`,
            'give it another name',
          );
        if (seen.has(name))
          throw new UserError(`${at(key)}: two are called "${name}"`, `give each ${SINGULAR[key]} a name of its own`);
        seen.add(name);
      }
  }
  return {
    testbeds: [...own.testbeds, ...DEFAULTS.testbeds],
    dataPlanes: [...own.dataPlanes, ...DEFAULTS.dataPlanes],
    replicators: [...own.replicators, ...DEFAULTS.replicators],
    faults: [...own.faults, ...DEFAULTS.faults],
    profiles: [...own.profiles, ...DEFAULTS.profiles],
    mutants: [...own.mutants, ...DEFAULTS.mutants],
    tampers: [...own.tampers, ...DEFAULTS.tampers],
  };
}
