import type { Plane } from '../dataplane/plane.js';
import type { Deed, TimelineChange } from '../evidence/types.js';
import type { RestartableReplicator } from '../replicator/restartable.js';
import type { Offer } from '../testbed/capability.js';
import type { Change } from '../testbed/change.js';
import type { Need } from '../testbed/testbed.js';
import type { Lab } from '../testbed/lab.js';
import type { Leg } from '../topology/model.js';

/** Where a fault happens: one leg of a lab, with the leaf at its end. */
export interface FaultSite {
  readonly lab: Lab;
  /** The host's switch. */
  readonly plane: Plane;
  readonly leg: Leg;
  readonly replicator: RestartableReplicator;
}

type WithoutDeed<T> = T extends Deed ? Omit<T, keyof Deed> : never;

/** What a fault changes of what the judge may expect. Which fault did it is added where it is noted. */
export type FaultEffect = WithoutDeed<TimelineChange>;

/** Arguments of a fault that has none. */
export type NoArguments = Readonly<Record<string, never>>;

/** The fault is made and mended again and again. */
export interface Rhythm {
  readonly times: number;
  /** From one time to the next, ms. A machine that is too slow for it takes longer, and the edges say so. */
  readonly periodMs: number;
}

/**
 * A physical event that can be made in a lab, and made good again: data, which the bench of lib/trial carries out.
 * `A` = what it can be told beside the leg.
 */
export interface Fault<A extends object = object> {
  readonly name: string;
  /** Name of its repair. */
  readonly undoName: string;
  /** "the cable is out" */
  readonly title: string;
  /** "the cable is in" */
  readonly undoTitle: string;
  /** What leg or daemon is then, for titles: "unplugged". */
  readonly pastTense: string;
  readonly whatATechnicianSees: string;
  /**
   * What the bond does about it. `reacts at once`: the leg has no carrier. `reacts by LACP`: it leaves the leg when
   * LACP has timed out. `splits`: the leaves are no single partner any more.
   */
  readonly bond: 'reacts at once' | 'reacts by LACP' | 'splits' | 'does not react';
  /** What must be ready before the edge of the repair is over, and frames are due again. */
  readonly waitsFor: 'bond and replicator' | 'nothing';
  /** What a lab must be able to do; checked before `plan` is asked. */
  readonly needs?: readonly Need[];
  readonly defaults: A;
  /** For a fault that comes and goes: it is over, and mended, when it was made so often. */
  rhythm?(args: A): Rhythm;
  /** What to do, and what undoes it; or what this lab lacks, shown by a command. */
  plan(site: FaultSite, args: A): Offer<Change> | Promise<Offer<Change>>;
  /** What is different from the beginning on, and again from the repair on. */
  effects(site: FaultSite): { readonly begin: readonly FaultEffect[]; readonly end: readonly FaultEffect[] };
}
