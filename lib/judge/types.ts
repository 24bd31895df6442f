import type { KindId, TagForm } from '../wire/kinds.js';
import type { Duty } from '../profile/types.js';
import type { Nanoseconds } from '../evidence/types.js';
import type { ClaimName } from './vantage/vantages.js';

export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'blocked' | 'skipped';

/** The outcome of one probe at one leaf. */
export type Outcome =
  | 'delivered'
  | 'missing'
  | 'duplicate'
  | 'late'
  | 'altered'
  /** A copy where none may be: on a dead leg, or a second copy of a single-sent frame. */
  | 'unexpected'
  /** No copy, and none was due. */
  | 'not-expected'
  /** Sent so close to a fault edge that nothing is claimed. */
  | 'in-band'
  /** The tap has no valid certificate: nothing is claimed. */
  | 'unknown'
  /** The vantage of this capture cannot carry what would have to be said. */
  | 'not-judged';

export interface Copy {
  readonly tNs: Nanoseconds;
  /** Byte offset of the record in its capture file, so that the frame can be shown. */
  readonly offset: number;
  /** What differs from what was sent, after declared normalisation; empty when identical. */
  readonly differences: readonly string[];
}

export interface LeafDelivery {
  readonly outcome: Outcome;
  readonly copies: readonly Copy[];
}

/** One probe against all leaves. */
export interface Delivery {
  readonly probe: number;
  readonly kind: KindId;
  readonly sender: string;
  readonly group: string;
  /** A sender of the second host behind the leaves sent it: it may come in here, and not go out. */
  readonly isOfSecondHost?: true;
  readonly form: TagForm;
  /**
   * `at-most-once`: a frame of its own port, see owed.ts. `on-host`: it goes to another sender on the same host, and no
   * leaf needs it.
   */
  readonly duty: Duty | 'at-most-once' | 'on-host';
  readonly sentNs: Nanoseconds;
  readonly leaves: Readonly<Record<string, LeafDelivery>>;
  readonly verdict: Verdict;
  /** First to last copy over all leaves, ns; null with fewer than two copies. */
  readonly skewNs: number | null;
}

/** The machine-readable name of what is wrong; mutants are recognised by it. */
export type Signature =
  | 'missing'
  | 'duplicate'
  | 'late'
  | 'identity'
  | 'skew'
  /** A frame that a leaf sent to a sender's own MAC never got there. */
  | 'missing-inbound'
  /** A frame that a sender sent to others on the same host never got there. */
  | 'missing-on-host'
  /** A frame in a sender's name that it never sent. */
  | 'invented'
  | 'data-replicated'
  | 'data-lost'
  | 'data-not-spread'
  | 'reflection'
  | 'returned-to-sender'
  | 'vlan-leak'
  | 'table-move'
  | 'copy-to-dead-leg'
  | 'storm'
  | 'split-aggregator'
  /** Leaf tables: an entry aged out; every entry was kept (a note); nothing was ever asked again. */
  | 'table-lost'
  | 'table-kept'
  | 'table-not-aged'
  /** A client behind the spine: packets lost; a host route that not every leaf announces; figures (a note). */
  | 'traffic-lost'
  | 'route-missing'
  | 'traffic'
  /** A note: what was judged of the second host behind the leaves. */
  | 'second-host'
  /**
   * A note: frames with a sender's MAC that no probe accounts for, where its own kernel, or a program on the host, may
   * have sent them.
   */
  | 'unasked'
  | 'no-proof-of-life'
  | 'drops'
  /** The host's switch got no CPU while late frames were on the way. */
  | 'no-cpu'
  | 'damaged-capture'
  | 'all-in-band'
  | 'nothing-judged'
  | 'blocked'
  | 'audit';

/** One statement about the evidence, with the properties P1..P16 it belongs to. */
export interface Finding {
  readonly property: `P${number}` | 'validity';
  readonly signature: Signature;
  readonly verdict: Exclude<Verdict, 'pass' | 'skipped'> | 'note';
  readonly leaf?: string;
  readonly kind?: KindId;
  readonly sender?: string;
  readonly count: number;
  readonly of?: number;
  readonly probes: readonly number[];
  /** A sentence for a person: "leaf-b never saw 12 of 12 ARP replies from vm1 (MAC 02:..:0b); leaf-a saw each once." */
  readonly sentence: string;
}

export interface Certificate {
  readonly valid: boolean;
  /** Why not; empty when valid. */
  readonly problems: readonly string[];
  readonly frames: number;
  readonly drops: number | null;
  readonly firstNs: Nanoseconds | null;
  readonly lastNs: Nanoseconds | null;
}

export interface Counts {
  /** Frames that must be on every leaf. */
  readonly probes: number;
  readonly delivered: number;
  /** Frame-leaf pairs. */
  readonly missing: number;
  readonly duplicate: number;
  readonly late: number;
  readonly altered: number;
  readonly unexpected: number;
  readonly inBand: number;
  /** Frames that must be sent once. */
  readonly dataFrames: number;
  readonly dataDuplicated: number;
  readonly reflected: number;
}

export interface LeafCounts {
  readonly missing: number;
  readonly duplicate: number;
  readonly late: number;
  readonly altered: number;
  readonly unexpected: number;
}

/** The results of one leaf for all judged frames of one kind. */
export interface CellCounts extends LeafCounts {
  /** Frames on which a claim is made on this leaf. */
  readonly frames: number;
  /** Of those: exactly one good copy. For single-sent kinds the sum over leaves is due, for the others each leaf. */
  readonly delivered: number;
  /** Nothing is claimed: no certificate, or around a fault's edge. */
  readonly unclaimed: number;
  /** Nothing is said of them, for this vantage cannot carry it; absent = of none. */
  readonly notJudged?: number;
  /** Of `frames`: something is not said of them, for this vantage cannot carry it; absent = of none. */
  readonly partlyJudged?: number;
}

export interface Skew {
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly maxNs: number;
  /** Where leaves have clocks of their own: the most by which each of these figures may be wrong. */
  readonly errorNs?: number;
}

export interface ClockEstimate {
  readonly offsetNs: Nanoseconds;
  readonly driftPpm: number;
  readonly errorNs: Nanoseconds;
  /** The leaf whose clock it is measured against; absent = the first one. */
  readonly against?: string;
}

/** The effect of one fault on frames that are due on every leaf (P8). All times in ns. */
export interface RecoveryFigure {
  readonly verb: string;
  /** Absent where the fault was not on a leg. */
  readonly leg?: string;
  readonly fromNs: Nanoseconds;
  /** From the fault to the begin of its repair; null when it was not repaired. */
  readonly downNs: number | null;
  /** Frames that were sent from the fault until the next one. */
  readonly probes: number;
  /** From the fault to the first frame with a due copy missing; null = none is missing, as it should be. */
  readonly firstMissingNs: number | null;
  /** Which frame that was, and whether copies had been missing before the fault, too; absent when there was none. */
  readonly firstMissing?: {
    readonly leaf: string;
    readonly kind: KindId;
    readonly sender: string;
    readonly probe: number;
    readonly before: boolean;
  };
  /** From the begin of the repair until a frame sent after it was on every leaf; null when none was. */
  readonly backNs: number | null;
  /** The longest time without a frame, per leaf; 0 = each came. */
  readonly longestGapNs: Readonly<Record<string, number>>;
}

/** What captures from anywhere can and cannot carry. */
export interface ClaimsJudged {
  /** What a pass stands for. */
  readonly demanded: readonly ClaimName[];
  /** What was said of each capture; leaves of which nothing was said are absent. */
  readonly vantages: Readonly<Record<string, string>>;
  /** Per leaf: the claims that are not judged there, and why. */
  readonly notJudged: Readonly<Record<string, Readonly<Partial<Record<ClaimName, string>>>>>;
}

/** The judge's result. Serialises to the same bytes whenever the same evidence is judged. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly profile: string;
  readonly leaves: readonly string[];
  readonly window: { readonly fromNs: Nanoseconds; readonly toNs: Nanoseconds };
  readonly totals: Counts;
  readonly byLeaf: Readonly<Record<string, LeafCounts>>;
  readonly kinds: Readonly<Partial<Record<KindId, Counts>>>;
  /** Kinds x leaves, kinds that were judged only. */
  readonly matrix?: Readonly<Partial<Record<KindId, Readonly<Record<string, CellCounts>>>>>;
  readonly skew: Skew | null;
  /** Absent where every claim is judged that captures can carry, and none was asked for; and in a lab. */
  readonly claims?: ClaimsJudged;
  /** One per fault that was made while frames were due; absent when there was none. */
  readonly recovery?: readonly RecoveryFigure[];
  /** Estimated offset of each leaf's clock against one of them; empty where all captures share one clock. */
  readonly clock: Readonly<Record<string, ClockEstimate>>;
  readonly certificates: Readonly<Record<string, Certificate>>;
  readonly findings: readonly Finding[];
  readonly reasons: readonly string[];
  /** All deliveries of a lab run; of production captures only those that are not a pass, up to a stated bound. */
  readonly deliveries: readonly Delivery[];
  /** Frames that match no probe: kind -> count per leaf. Counted, never dropped silently. */
  readonly background: Readonly<Record<string, Readonly<Record<string, number>>>>;
}
