import type { DataPlane, LabWithLeaves, Plane } from '../dataplane/plane.js';
import { dataPlaneNamed } from '../registries.js';
import { installRestartable } from '../replicator/restartable.js';
import { replicatorOf } from '../run/replicatorOf.js';
import { LackError } from '../testbed/capability.js';
import type { Lab } from '../testbed/lab.js';
import type { Topology } from '../topology/model.js';
import { withSecondHost } from '../topology/addSecondHost.js';
import { seenBySecondHost } from '../topology/secondHost.js';
import type { RunningHost } from '../trial/runningHost.js';
import { currentWorkspace } from './current.js';
import type { ScenarioRun } from './scenarioRun.js';

/** What cannot be done, and why. */
const noSecondHost = (kind: string, output: string): LackError =>
  new LackError([
    { what: 'a second host behind the same leaves', command: `everyleaf run --data-plane ${kind}`, output },
  ]);

/** The wiring of a scenario, with a second host where it asks for one. Throws LackError where there can be none. */
export function withSecondWanted(
  topology: Topology,
  isWanted: boolean,
  { kind, isAsFound, onlyOnce }: Pick<DataPlane, 'kind' | 'isAsFound' | 'onlyOnce'>,
): Topology {
  if (!isWanted) return topology;
  if (isAsFound === true)
    throw noSecondHost(kind, 'host and leaves are installed: their wiring is that of the binding');
  if (onlyOnce !== undefined) throw noSecondHost(kind, onlyOnce);
  try {
    return withSecondHost(topology);
  } catch (error) {
    if (error instanceof RangeError) throw noSecondHost(kind, error.message);
    throw error;
  }
}

/**
 * Brings the second host up, with the replicator that the run is about: in a control, too, where the first one has a
 * mutant. Two that send back what they hear would send it in circles. Null where the scenario asks for none.
 */
export async function secondHostFor(
  { setup, plan, mode }: ScenarioRun,
  lab: Lab,
  { leaves }: Plane,
): Promise<(RunningHost & AsyncDisposable) | null> {
  const seen = seenBySecondHost(lab.topology);
  if (setup.secondHost !== true || seen === null) return null;
  const { registries } = currentWorkspace();
  const own: LabWithLeaves = { ...lab, topology: seen, leavesThere: leaves };
  const plane = await dataPlaneNamed(plan.dataPlane, registries).bringUp(own, mode);
  const installed = await installRestartable(replicatorOf(plan, registries), { lab: own, plane });
  return { lab: own, plane, installed, [Symbol.asyncDispose]: () => installed[Symbol.asyncDispose]() };
}
