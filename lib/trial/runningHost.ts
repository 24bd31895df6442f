import type { Plane } from '../dataplane/plane.js';
import type { RestartableReplicator } from '../replicator/restartable.js';
import type { Lab } from '../testbed/lab.js';

/** A host of a lab that is up, with its replicator. */
export interface RunningHost {
  /** As it sees it: it is the topology's host. */
  readonly lab: Lab;
  readonly plane: Plane;
  readonly installed: RestartableReplicator;
}
