import type { KindId, TagForm } from '../wire/kinds.js';

/**
 * What a profile says of one kind in one tag form: `replicated` = exactly one copy on every live leaf, `single` =
 * exactly one copy in total, `unjudged` = recorded, never judged.
 */
export type Duty = 'replicated' | 'single' | 'unjudged';

/** Who must replicate what. Data, reviewed like code; the oracle of every verdict. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  /** Where the table comes from: kernel file, recipe, vendor document. */
  readonly source: string;
  /** One row per kind that the profile speaks of; a kind without a row has its catalogue default. */
  readonly duties: Readonly<Partial<Record<KindId, Duty | Readonly<Partial<Record<TagForm, Duty>>>>>>;
  /** A copy on a leg that is down is a failure (`true`) or recorded only. */
  readonly deadLegMustBeSilent: boolean;
  /**
   * Whether it goes on sending copies to a leg with carrier whose LACP partner fell silent: `true` = each leaf
   * still gets its one, `false` = nothing is due there once the bond has left the leg; absent = recorded, not judged
   * (P10).
   */
  readonly sendsToLacpDeadLeg?: boolean;
  /**
   * `true` = frames of a sender to others on the same host reach them, too, as they do without a replicator; absent =
   * not judged. A recipe that hands neighbor frames to the uplinks only may be right where each VM has its own VLAN.
   */
  readonly deliversOnHost?: boolean;
  /** Greatest allowed skew between copies, ns; absent = reported, not judged. */
  readonly maxSkewNs?: number;
}
