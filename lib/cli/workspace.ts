import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { named } from '../registries.js';
import { importModule } from '../run/importModule.js';
import { findConfig, loadWorkspace } from '../run/loadConfig.js';
import { WITHOUT_CONFIG, type Workspace } from '../run/workspace.js';

/**
 * What there is to run: the named config, or the one in this folder, together with what is built in. Throws
 * UserError.
 */
export async function openWorkspace(config: string | undefined): Promise<Workspace> {
  const file = config === undefined ? findConfig(process.cwd()) : resolve(config);
  return file === null ? WITHOUT_CONFIG : loadWorkspace(file, importModule);
}

/** The defaults where neither the command line nor a config names anything, for the texts of `--help`. */
export const BUILT_IN = {
  testbed: WITHOUT_CONFIG.registries.testbeds[0]?.name ?? '',
  dataPlane: WITHOUT_CONFIG.registries.dataPlanes[0]?.kind ?? '',
  replicator: WITHOUT_CONFIG.registries.replicators[0]?.name ?? '',
} as const;

/** The parts of a config that can be chosen for a lab. */
export interface LabOptions {
  readonly testbed?: string | undefined;
  readonly dataPlane?: string | undefined;
  readonly mode?: readonly string[] | undefined;
}

/** What was chosen, or the default. */
export interface LabChoice {
  readonly testbed: string;
  readonly dataPlane: string;
  /** Variants of the data plane, each once. */
  readonly variants: readonly string[];
}

/** Looks up what was chosen. Throws UserError with what there is. */
export function chooseLab({ registries }: Workspace, options: LabOptions): LabChoice {
  const { testbeds, dataPlanes } = registries;
  const testbed = named('testbed', options.testbed ?? testbeds[0]?.name ?? '', testbeds, ({ name }) => name);
  const plane = named('data plane', options.dataPlane ?? dataPlanes[0]?.kind ?? '', dataPlanes, ({ kind }) => kind);
  const variants = (options.mode ?? plane.variants).map((mode) =>
    named(`mode of ${plane.kind}`, mode, plane.variants, (variant) => variant),
  );
  return { testbed: testbed.name, dataPlane: plane.kind, variants: [...new Set(variants)] };
}

/**
 * The topology file that is meant: a path, or the name of a file in the topologies of the config. Does not check that
 * it exists; its reader does.
 */
export function topologyChoice(named: string | undefined, { topologies }: Workspace): string | undefined {
  if (named === undefined) return undefined;
  const own = topologies === null ? null : join(topologies, named);
  return own !== null && !existsSync(named) && existsSync(own) ? own : resolve(named);
}
