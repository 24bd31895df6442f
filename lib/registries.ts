import type { Tamper } from './control/tamper/types.js';
import type { VersionFact } from './dataplane/machine.js';
import type { DataPlane } from './dataplane/plane.js';
import type { Fault } from './fault/fault.js';
import type { Profile } from './profile/types.js';
import type { Mutant, Replicator } from './replicator/types.js';
import type { Hold } from './testbed/hold.js';
import type { Need, Testbed } from './testbed/testbed.js';
import { orNear } from './topology/suggest.js';
import { UserError } from './userError.js';

/** What a person has said of where labs are to run. */
export interface TestbedChoice {
  /** The file of a binding; null without one. */
  readonly binding: string | null;
  /** `Hold.pass` of the run, where the kind of testbed has a hold. */
  readonly hold?: string | undefined;
  /** `newest`, or a version, where the kind of testbed has kernels to choose from. */
  readonly kernel?: string | undefined;
  /** Of the labs that are to be opened, as far as they are known: what a machine must have for them takes long to make. */
  readonly needs?: readonly Need[];
}

/** A kernel that was chosen for labs. */
export interface KernelChoice {
  /** For `TestbedChoice.kernel`: this one and no other. */
  readonly kernel: string;
  /** What a reader of a report must know of it, in the place of what is so on this machine. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A type of testbed. */
export interface TestbedKind {
  readonly name: string;
  /** Its labs run on the machines of a binding, one lab at a time; without it, a binding is refused. */
  readonly onBinding?: boolean;
  /**
   * Makes what labs with a kernel of their own need, before a run. Absent where labs run with a kernel that is there: it
   * cannot be chosen. Throws UserError where it cannot be had.
   * @param wanted `newest`, a version, or the path of a kernel of a person's own
   * @param versions what a reader of a report must know of the programs there
   * @param modules folders that may have the modules of a kernel with a path; without any, they are beside it
   * @param needs of the labs
   */
  withKernel?(
    wanted: string,
    versions: readonly VersionFact[],
    modules?: readonly string[],
    needs?: readonly Need[],
  ): Promise<KernelChoice>;
  /**
   * Takes the machines of the binding for a whole run. Absent where nobody else can use what labs run on.
   * @param order.run what others are told that they are held for
   */
  hold?(order: { readonly binding: string | null; readonly run: string }): Promise<Hold>;
  /** Throws where this machine, or those of the binding, cannot run it. */
  open(choice?: TestbedChoice): Promise<Testbed>;
}

/**
 * Everything that can be chosen by name. The built-in ones are listed in lib/defaults.ts; a user's config adds its own.
 */
export interface Registries {
  readonly testbeds: readonly TestbedKind[];
  readonly dataPlanes: readonly DataPlane[];
  readonly replicators: readonly Replicator[];
  readonly faults: readonly Fault[];
  readonly profiles: readonly Profile[];
  readonly mutants: readonly Mutant[];
  readonly tampers: readonly Tamper[];
}

/** An entry by its name. Throws UserError with the name that was probably meant, and all known names. */
export function named<T>(
  what: string,
  name: string,
  entries: readonly T[],
  nameOf: (entry: T) => string,
  also = '',
): T {
  const found = entries.find((entry) => nameOf(entry) === name);
  if (found !== undefined) return found;
  const names = entries.map(nameOf);
  throw new UserError(`unknown ${what} "${name}"${orNear(name, names)}`, `known: ${names.join(', ')}${also}`);
}

/** A sort of testbed by its name. Throws UserError with the known ones. */
export function testbedNamed(name: string, { testbeds }: Pick<Registries, 'testbeds'>): TestbedKind {
  return named('testbed', name, testbeds, (testbed) => testbed.name);
}

/** A data plane by its kind. Throws UserError with the known ones. */
export function dataPlaneNamed(kind: string, { dataPlanes }: Pick<Registries, 'dataPlanes'>): DataPlane {
  return named('data plane', kind, dataPlanes, (plane) => plane.kind);
}

/** A tamper by its name. Throws UserError with the known ones. */
export function tamperNamed(name: string, { tampers }: Pick<Registries, 'tampers'>): Tamper {
  return named('tamper', name, tampers, (tamper) => tamper.name);
}

/** Whether a replicator can be installed on a data plane of this kind. */
export function fitsPlane({ on }: Pick<Replicator, 'on'>, kind: string): boolean {
  return on === 'any' || on.includes(kind);
}

/** Whether a mutant says anything of the replicator under test: what goes wrong with controllers does so of controllers. */
export function suits(
  { controller }: Pick<Replicator, 'controller'>,
  underTest: Pick<Replicator, 'controller'>,
): boolean {
  return controller !== true || underTest.controller === true;
}

/** A mutant by its name. Throws UserError with the known ones. */
export function mutantNamed(name: string, { mutants }: Pick<Registries, 'mutants'>): Mutant {
  return named('mutant', name, mutants, (mutant) => mutant.name);
}
