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

/** What a fault changes in the judge's expectations. The fault's name is added where the change is recorded. */
export type FaultEffect = WithoutDeed<TimelineChange>;

/** Arguments of a fault that has none. */
export type NoArguments = Readonly<Record<string, never>>;

/** The fault is made and mended again and again. */
export interface Rhythm {
  readonly times: number;
  /** Period, ms. A machine that is too slow for it takes longer, and the edges show it. */
  readonly periodMs: number;
}

/**
 * A physical event that can be made in a lab, and repaired: data, which the bench of lib/trial carries out. `A` = its
 * arguments besides the leg.
 */
export interface Fault<A extends object = object> {
  readonly name: string;
  /** Name of its repair. */
  readonly undoName: string;
  /** "the cable is out" */
  readonly title: string;
  /** "the cable is in" */
  readonly undoTitle: string;
  /** The state of the leg or daemon then, for titles: "unplugged". */
  readonly pastTense: string;
  readonly whatATechnicianSees: string;
  /**
   * How the bond reacts. `reacts at once`: the leg has no carrier. `reacts by LACP`: it leaves the leg when
   * LACP has timed out. `splits`: the leaves are no single partner any more.
   */
  readonly bond: 'reacts at once' | 'reacts by LACP' | 'splits' | 'does not react';
  /** What must be ready before the edge of the repair is over, and frames are due again. */
  readonly waitsFor: 'bond and replicator' | 'nothing';
  /** What a lab must be able to do; checked before `plan` is asked. */
  readonly needs?: readonly Need[];
  readonly defaults: A;
  /** For a fault that comes and goes: it ends, repaired, after this many times. */
  rhythm?(args: A): Rhythm;
  /** What to do, and how to undo it; or what this lab lacks, shown by a command. */
  plan(site: FaultSite, args: A): Offer<Change> | Promise<Offer<Change>>;
  /** What changes at the beginning, and again at the repair. */
  effects(site: FaultSite): { readonly begin: readonly FaultEffect[]; readonly end: readonly FaultEffect[] };
}
