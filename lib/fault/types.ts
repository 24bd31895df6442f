import type { Plane } from '../dataplane/plane.js';
import type { Nanoseconds, SkipEntry, TimelineChange } from '../evidence/types.js';
import type { RestartableReplicator } from '../replicator/restartable.js';
import type { Lab } from '../testbed/types.js';
import type { Leg } from '../topology/model.js';

/** When a fault's edge began and when it was known to have happened. */
export interface Edge {
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
}

/** Where a fault happens: one leg of a lab, with the leaf at its end. */
export interface FaultSite {
  readonly lab: Lab;
  readonly plane: Plane;
  readonly leg: Leg;
  /** null where nobody can kill it. */
  readonly replicator: RestartableReplicator | null;
}

/** What a verb can be told beside the leg; each verb reads its own and has defaults. */
export interface FaultArguments {
  /** adminDown: which end's port is shut. */
  readonly side?: 'host' | 'leaf';
  /** lose: share of frames, 0..1. */
  readonly share?: number;
  /** delay: ms. */
  readonly ms?: number;
  /** flap: how often, and the time from one cut to the next in ms. */
  readonly times?: number;
  readonly periodMs?: number;
}

/** A physical event that can be made, and made good again. */
export interface FaultVerb {
  readonly name: string;
  readonly undoName: string;
  /** "the cable is out" */
  readonly title: string;
  readonly undoTitle: string;
  readonly whatATechnicianSees: string;
  /** When the bond has to do without the leg. */
  readonly bondLeaves: 'at once' | 'after the LACP timeout' | 'never';
  /** What is different from the beginning on, and again from the repair on. */
  changes(site: FaultSite): { readonly begin: readonly TimelineChange[]; readonly end: readonly TimelineChange[] };
  begin(site: FaultSite, args: FaultArguments): Promise<Edge>;
  /** Also right when the fault has begun only in part, or never. */
  end(site: FaultSite): Promise<Edge>;
  /** Why this machine cannot make it; null when it can. Absent: every machine can. */
  lacking?(site: FaultSite): Promise<SkipEntry | null>;
}
