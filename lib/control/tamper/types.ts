import type { PlaneTraits } from '../../dataplane/traits.js';
import type { Signature } from '../../judge/types.js';
import type { Profile } from '../../profile/types.js';
import type { Lack } from '../../testbed/capability.js';
import type { Change, CommandStep } from '../../testbed/change.js';
import type { Lab } from '../../testbed/lab.js';
import type { Need } from '../../testbed/testbed.js';
import type { Trial } from '../../trial/trial.js';

/** Where a tamper would work: what decides whether its effect is wrong there. */
export interface TamperSite {
  /** What the replicator under test promises. */
  readonly profile: Profile;
  readonly traits: Pick<PlaneTraits, 'spreads' | 'lacp' | 'onHost' | 'learnsLegs'>;
}

/**
 * Something wrong that is done to frames on the wires of a host, behind the replicator and the data plane under test. A
 * run that does not notice it would not notice the same from them. So a pass means something on every plane and for
 * every replicator.
 */
export interface Tamper {
  readonly name: string;
  /** What is wrong with the frames, one sentence for the report. */
  readonly description: string;
  /** It counts as caught only with at least one of these. */
  readonly mustFind: readonly Signature[];
  /** Its effect comes late: the window stays open for it. */
  readonly actsLate?: boolean;
  /** It changes no machine, and only the way of crafted frames: for data planes that are as they were found. */
  readonly isDetour?: boolean;
  /** Whether it is wrong there at all; everywhere without it. */
  suits?(site: TamperSite): boolean;
  /** What the testbed must be able to do. */
  readonly needs?: readonly Need[];
  /** What the wiring lacks, so that it would do nothing wrong there; null where it lacks nothing. */
  lacks?(lab: Lab): Lack | null;
  /** Commands that end with code 0 where this kernel can do it, and leave nothing behind. */
  tries(lab: Lab): readonly CommandStep[];
  changes(lab: Lab): readonly Change[];
  /**
   * Resolves when the lab shows that it is at work; without it, the tamper is at work as soon as the changes are made.
   */
  ready?(trial: Pick<Trial, 'partnersDiffer'>): Promise<void>;
}
