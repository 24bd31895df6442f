import type { AuditFact, MacEntry } from '../evidence/types.js';
import type { Offer } from '../testbed/capability.js';
import type { Change } from '../testbed/change.js';
import type { Need } from '../testbed/testbed.js';
import type { Lab } from '../testbed/lab.js';
import type { FrameBytes } from '../wire/frame.js';
import type { PlaneRules } from '../topology/planeRules.js';
import type { PlaneMachine } from './machine.js';
import type { PlaneTraits } from './traits.js';

/** What one socket or queue, through which a switch takes frames in, had no room for since it was opened. */
export interface InputDrops {
  readonly id: number;
  readonly dropped: number;
}

/** What a person at a node's prompt needs in order to reach the switch there. */
export interface ShellAid {
  readonly env: Readonly<Record<string, string>>;
  /** Shell scripts by the name of the command that they stand in for. */
  readonly tools: Readonly<Record<string, string>>;
}

/** What can be asked of a switch: the host's, or a leaf's. */
export interface SwitchControl {
  /** Name of the node that it runs on. */
  readonly node: string;
  /** Rows of its MAC table (forwarding database). */
  fdb(): Promise<readonly MacEntry[]>;
  /**
   * How often a MAC that it knew got another port since it was started; null where it does not count that. Throws where
   * it does not answer; with `withinMs`, null: a switch that is down, or is just being started, does not, and nothing
   * may wait for it.
   */
  fdbMoves(withinMs?: number): Promise<number | null>;
  /** It forgets a MAC after `DURATIONS.macAgeing` without a frame of it, and not after minutes. */
  readonly ageFdb: Offer<Change>;
  /**
   * Reads what was lost between its ports and itself, per socket; null where the kernel does not tell. Lacking: nothing
   * can be lost there.
   */
  readonly inputDrops: Offer<() => Promise<readonly InputDrops[] | null>>;
  readonly shell: ShellAid;
}

/** A leaf switch, under our hands where it offers that. */
export interface LeafControl extends SwitchControl {
  /** It says another LACP system id than the other leaves. */
  readonly splitSystemId: Offer<Change>;
  /** It starts anew with empty tables. Undone, its gateways are back; its port to the host is not touched. */
  readonly reboot: Offer<Change>;
  /**
   * It asks for LACPDUs every 30 s instead of every second, and waits 90 s for them; made when it has heard one since.
   */
  readonly slowLacp: Offer<Change>;
}

/** A leg as the host's bond sees it. */
export interface MemberState {
  readonly leg: string;
  /** It may carry frames. */
  readonly enabled: boolean;
  /** `current`, `expired` or `defaulted` (IEEE 802.1AX 6.4.12, receive machine); `off` without LACP. */
  readonly lacp: string;
  /** LACP system id that is heard on the leg; null while there is none. */
  readonly partner: string | null;
}

/**
 * The host's switch or bond in a lab, as scenarios, faults, captures and replicators see it, with the leaves that fit.
 */
export interface Plane extends SwitchControl {
  readonly traits: PlaneTraits;
  /** Every leg now. Throws where the host's switch does not answer. */
  members(): Promise<readonly MemberState[]>;
  /** Calls when members may have changed, as soon as that is told; not every change is. */
  watch(onChange: () => void): Promise<AsyncDisposable>;
  /** Resolves when the bond uses these legs and no other; throws NeverHappened. */
  converged(legs: readonly string[], withinMs?: number): Promise<void>;
  /** The leg that is active now; null where there is none, or where the bond has no such notion. */
  activeLeg(): Promise<string | null>;
  /** Facts of the configuration, probed and not assumed (P15). */
  audit(): Promise<readonly AuditFact[]>;
  /** Variables that tell a user's replicator how to reach this plane. */
  environment(): Readonly<Record<string, string>>;
  /** Hands frames to the host's own stack, as if they came from a leg. */
  readonly deliver: Offer<(frames: readonly FrameBytes[]) => Promise<void>>;
  /** The program that switches dies and is started again; what replicators told it is gone. */
  readonly restart: Offer<Change>;
  /** As `LeafControl.slowLacp`, for the host. */
  readonly slowLacp: Offer<Change>;
  readonly leaves: ReadonlyMap<string, LeafControl>;
}

/** A way in which a host can join its legs. */
export interface DataPlane<P extends Plane = Plane> extends PlaneRules {
  /** One sentence for people who choose. */
  readonly description: string;
  /** What a lab must be able to do for it. */
  readonly needs: readonly Need[];
  /** What it takes of the machine, beside what every lab takes. */
  readonly machine?: PlaneMachine;
  /**
   * Makes host and leaves of a wired lab switch, gives senders their addresses, and resolves when every leg takes part.
   * Throws LackError where the machine has not what it takes.
   */
  bringUp(lab: Lab, variant: string): Promise<P>;
}
