import type { AuditFact, MacEntry } from '../evidence/types.js';
import type { Offer } from '../testbed/capability.js';
import type { Change } from '../testbed/change.js';
import type { Need } from '../testbed/testbed.js';
import type { Lab } from '../testbed/lab.js';
import type { FrameBytes } from '../wire/frame.js';
import type { Topology } from '../topology/model.js';
import type { PlaneRules } from '../topology/planeRules.js';
import type { Ending } from './ending.js';
import type { PlaneMachine } from './machine.js';
import type { PlaneTraits } from './traits.js';

/** Frames for which one input socket or queue of a switch had no room since it was opened. */
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

/** A queue of frames. */
export interface Queued {
  readonly frames: number;
  /** How many can wait, as the lab made it. */
  readonly room: number;
  /** How many were refused since it was made, as there was no room. */
  readonly refused: number;
  /** How long, ms, it takes until one that was full of full frames is empty. */
  readonly lastsMs: number;
}

/** What can be asked of a switch: the host's, or a leaf's. */
export interface SwitchControl {
  /** Name of the node that it runs on. */
  readonly node: string;
  /** Rows of its MAC table (forwarding database). */
  fdb(): Promise<readonly MacEntry[]>;
  /**
   * How often a known MAC moved to another port since the switch was started; null where it does not count that. Throws
   * where it does not answer. With `withinMs` it is null then: a switch that is down or just starting
   * does not answer, and nothing may wait for it.
   */
  fdbMoves(withinMs?: number): Promise<number | null>;
  /** It forgets a MAC after `DURATIONS.macAgeing` without a frame from it, instead of after minutes. */
  readonly ageFdb: Offer<Change>;
  /**
   * Reads what was lost between its ports and itself, per socket; null where the kernel does not tell. Absent: nothing
   * can be lost there.
   */
  readonly inputDrops: Offer<() => Promise<readonly InputDrops[] | null>>;
  /**
   * Reads how long the program that forwards frames has waited for a CPU since it was started, ns; null while it does
   * not run. Absent, or lacking: no program does that there, or it cannot be read.
   */
  readonly cpuWait?: Offer<() => Promise<number | null>>;
  /** Reads what of its configuration ends by itself. Absent: nothing does that there. */
  readonly endings?: () => Promise<Offer<readonly Ending[]>>;
  readonly shell: ShellAid;
}

/** Another host behind the same leaves, as one of them sees it. */
export interface OtherHost {
  /** The leaf's port to it. */
  readonly port: string;
  /** It sends these, with the tags that they have on the wire. */
  send(frames: readonly FrameBytes[]): Promise<void>;
}

/** A leaf switch, and what it lets us change. */
export interface LeafControl extends SwitchControl {
  /** It says another LACP system id than the other leaves. */
  readonly splitSystemId: Offer<Change>;
  /** It restarts with empty tables. Undone, its gateways are back; its port to the host is not touched. */
  readonly reboot: Offer<Change>;
  /**
   * It asks for LACPDUs every 30 s instead of every second, and waits 90 s for them; resolves when it has received one
   * since.
   */
  readonly slowLacp: Offer<Change>;
  /**
   * What it hears of LACP from the host: `current`, `expired` or `defaulted` (IEEE 802.1AX 6.4.12, receive machine). Absent:
   * its port to the host speaks none, or it does not tell.
   */
  hostLacp?(): Promise<string>;
  /** Gives it a port to another host, for as long as the lab lasts; once. Absent: it has no room for one. */
  joinOtherHost?(): Promise<OtherHost>;
  /**
   * Gives it ports to a second host, which has been wired to it: resolves with the same leaf, as that host sees it. Absent:
   * it has no room for one.
   *
   * @param seen the topology with the second host in place of the first
   */
  joinSecondHost?(seen: Topology, options: { readonly lacp: boolean }): Promise<LeafControl>;
}

/** The lab as a second host sees it: its leaves are there already, and get ports to it instead of being brought up. */
export interface LabWithLeaves extends Lab {
  readonly leavesThere: ReadonlyMap<string, LeafControl>;
}

/** A leg as the host's bond sees it. */
export interface MemberState {
  readonly leg: string;
  /** It may carry frames. */
  readonly enabled: boolean;
  /** `current`, `expired` or `defaulted` (IEEE 802.1AX 6.4.12, receive machine); `off` without LACP. */
  readonly lacp: string;
  /** LACP system id received on the leg; null while there is none. */
  readonly partner: string | null;
}

/**
 * The host's switch or bond in a lab, as scenarios, faults, captures and replicators see it, with the leaves that fit.
 */
export interface Plane extends SwitchControl {
  readonly traits: PlaneTraits;
  /** Every leg now. Throws where the host's switch does not answer. */
  members(): Promise<readonly MemberState[]>;
  /** Calls when members may have changed, as soon as that is reported; not every change is reported. */
  watch(onChange: () => void): Promise<AsyncDisposable>;
  /** Resolves when the bond uses these legs and no other; throws NeverHappened. */
  converged(legs: readonly string[], withinMs?: number): Promise<void>;
  /** The leg that is active now; null where there is none, or where the bond has no active leg. */
  activeLeg(): Promise<string | null>;
  /** Facts of the configuration, probed and not assumed (P15). */
  audit(): Promise<readonly AuditFact[]>;
  /** Variables that tell a user's replicator how to reach this plane. */
  environment(): Readonly<Record<string, string>>;
  /** Hands frames to the host's own stack, as if they came from a leg. */
  readonly deliver: Offer<(frames: readonly FrameBytes[]) => Promise<void>>;
  /** The switch daemon dies and is started again; what replicators configured in it is gone. */
  readonly restart: Offer<Change>;
  /** Like `LeafControl.slowLacp`, for the host. */
  readonly slowLacp: Offer<Change>;
  /** Frames of data that wait for a leg. Absent where no leg has a queue that data can fill. */
  readonly queued?: (leg: string) => Promise<Queued>;
  /** Sends frames out of the NIC of a tenant behind the host's VTEP. Absent where there are no tenants. */
  readonly tenant?: Offer<(frames: readonly FrameBytes[]) => Promise<void>>;
  /**
   * The port of a VM is not there, as before the VM was started on this host; undone, it is there as before. Absent:
   * VMs have no ports that can come and go.
   */
  readonly withoutPort?: (vm: string) => Offer<Change>;
  /**
   * Where frames leave for the legs, if that is not at the host's ends of the legs: there each sender's own kernel chooses the
   * leg. Copies for the other legs can be made there alone. Absent: at the host's ends of the legs.
   */
  readonly exits?: readonly Exit[];
  readonly leaves: ReadonlyMap<string, LeafControl>;
}

/** A machine of which each leg has an interface of its own. */
export interface Exit {
  readonly node: string;
  /** Interfaces by leg. */
  readonly ports: ReadonlyMap<string, string>;
}

/** A way in which a host can join its legs. */
export interface DataPlane<P extends Plane = Plane> extends PlaneRules {
  /** One sentence for people who choose. */
  readonly description: string;
  /** What a lab must be able to do for it. */
  readonly needs: readonly Need[];
  /** Nothing of it is brought up or changed; what its machines say by themselves is nobody's doing. */
  readonly isAsFound?: boolean;
  /** What it needs of the machine, in addition to what every lab needs. */
  readonly machine?: PlaneMachine;
  /** Why there cannot be two hosts of it in one lab. Absent: there can. */
  readonly onlyOnce?: string;
  /**
   * Starts the switches of host and leaves in a wired lab, gives senders their addresses, and resolves when every leg
   * takes part. Throws LackError where the machine lacks something.
   */
  bringUp(lab: Lab, variant: string): Promise<P>;
}
