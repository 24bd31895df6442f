import type { VersionFact } from '../dataplane/machine.js';
import { testbedNamed, type KernelChoice } from '../registries.js';
import type { Need } from '../testbed/testbed.js';
import type { Workspace } from '../run/workspace.js';
import { UserError } from '../userError.js';

/** What was typed of the kernel of a run's labs. */
export interface WantedKernel {
  readonly kernel?: string | undefined;
  readonly kernelModules?: readonly string[] | undefined;
}

/**
 * Chooses the kernel of a run's labs, and makes what they need. null where they run with a kernel that is there. Throws
 * UserError where one was asked for all the same.
 */
export async function kernelFor(
  { registries }: Workspace,
  testbed: string,
  { kernel: wanted, kernelModules }: WantedKernel,
  versions: readonly VersionFact[],
  needs: readonly Need[],
): Promise<KernelChoice | null> {
  const kind = testbedNamed(testbed, registries);
  if (kind.withKernel !== undefined) return kind.withKernel(wanted ?? 'newest', versions, kernelModules, needs);
  if (wanted === undefined && kernelModules === undefined) return null;
  const able = registries.testbeds.filter((one) => one.withKernel !== undefined).map(({ name }) => name);
  throw new UserError(
    `the testbed ${testbed} has the kernel of its machine: ${wanted === undefined ? '--kernel-modules' : `--kernel ${wanted}`} is refused`,
    able.length === 0 ? null : `add --testbed ${able.join(' or ')}`,
  );
}
