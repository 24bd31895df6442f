import type { KindId, TagForm } from '../wire/kinds.js';
import type { Alteration } from '../wire/altered.js';
import type { VantageName } from '../judge/vantage/vantages.js';
import type { VlanTag } from '../wire/frame.js';
import type { Topology } from '../topology/model.js';
import type { Profile } from '../profile/types.js';
import type { PlaneTraits } from '../dataplane/traits.js';

/** Nanoseconds since the epoch, decimal: beyond 2^53, so a string in JSON. */
export type Nanoseconds = string;

/** One frame that the lab sent, or that a witness tap saw a real stack send. */
export interface Probe {
  /** Unique in its evidence; carried in the token. */
  readonly id: number;
  readonly kind: KindId;
  /**
   * `token`: the last 12 bytes of the frame name it. `content`: a real stack made it; the sender's own tap is the
   * witness.
   */
  readonly namedBy: 'token' | 'content';
  readonly sender: string;
  /** Groups probes for scenarios and for the sentence in the report, e.g. `arp`, `dad`, `unplug:leg-a`. */
  readonly group: string;
  readonly sentNs: Nanoseconds;
  /** What left the sender, hex. */
  readonly frame: string;
  /** Outermost first: the tags that a leaf must see. Differs from `frame` where an access port pushes one. */
  readonly wireTags: readonly VlanTag[];
  /** Flow label for the spread rule of data (P4): probes with distinct flows may hash apart. */
  readonly flow?: number;
  /**
   * Sent before or after the judged time: it claims its copies, so that they are not taken for those of another probe,
   * and is not judged.
   */
  readonly outside?: boolean;
}

export type TapRole = 'leaf' | 'sender' | 'leg' | 'second-host';

/**
 * One capture point. A leaf tap counts what the leaf receives; a sender tap sees what comes back (in) or goes out; a
 * leg tap sees what the host hands to a leg, which a dead leg's leaf cannot see. A tap of the second host sees what a
 * leaf receives from that one.
 */
export interface Tap {
  readonly name: string;
  readonly role: TapRole;
  readonly node: string;
  readonly port: string;
  readonly direction: 'in' | 'out';
  /** The leg that is tapped; absent for sender taps. */
  readonly leg?: string;
  /** Capture file, relative to the evidence folder. */
  readonly file: string;
  readonly record: TapRecord;
}

/** What the capturing program and the kernel said; the judge turns it, and the capture itself, into a certificate. */
export interface TapRecord {
  readonly command: readonly string[];
  /** The program's message that it listens, or null when it never came. */
  readonly ready: string | null;
  /** Ids of control frames that were injected for this tap; each must be in the capture. */
  readonly canaryBefore: number;
  readonly canaryAfter: number;
  readonly fence: number;
  /**
   * Nothing could be sent through this place, so there are no control frames: what those behind it said, before the
   * window opened and after it closed, proves the capture alive. Absent where there are.
   */
  readonly byVoices?: boolean;
  /** Counters of the capturing program at its end; null when it did not report them. */
  readonly receivedByFilter: number | null;
  readonly droppedByKernel: number | null;
  readonly droppedByInterface: number | null;
  /**
   * Frames lost before the tap could see them (port errors and overruns, receive backlog), over the window, from the
   * kernel.
   */
  readonly portDrops: number | null;
}

/** The fault that made a change, or whose repair undid it. */
export interface Deed {
  readonly verb: string;
  /**
   * The state of its subject, for titles: "unplugged". Absent after the repair, and in older evidence.
   */
  readonly pastTense?: string;
  /**
   * One of many of this fault in quick succession: a technician sees one event, and each is too short to be judged by
   * itself.
   */
  readonly repeats?: boolean;
}

/** What an event changes; what is expected of a probe follows from all of them together. */
export type TimelineChange =
  /**
   * Carrier of a leg, as the lab made it. A leg stays in `state` until its next event; before its first one it is up.
   */
  | (Deed & { readonly type: 'leg'; readonly leg: string; readonly state: 'up' | 'down' })
  /** What a leg with carrier does to frames in one direction: all pass, some, none, or all of them late. */
  | (Deed & {
      readonly type: 'wire';
      readonly leg: string;
      readonly direction: 'to-leaf' | 'to-host';
      readonly state: 'whole' | 'lossy' | 'lost' | 'slow';
    })
  /**
   * The leaf's LACP, as the lab made it: it speaks, is not heard, or has another system ID than the other leaves.
   */
  | (Deed & { readonly type: 'partner'; readonly leg: string; readonly state: 'speaking' | 'silent' | 'split' })
  /** A daemon that the lab stopped or started. */
  | (Deed & {
      readonly type: 'daemon';
      readonly what: 'switch' | 'replicator' | 'controller';
      readonly node: string;
      readonly state: 'up' | 'down';
    })
  /**
   * What a machine itself reports. `carrier` up or down (netlink), `member` enabled or disabled (the bond), `lacp`
   * current, expired or defaulted, `partner` the LACP system id that the host hears on the leg.
   */
  | {
      readonly type: 'observed';
      readonly what: 'carrier' | 'member' | 'lacp' | 'partner';
      readonly node: string;
      readonly port: string;
      readonly leg: string;
      readonly state: string;
    }
  | { readonly type: 'mark'; readonly text: string };

/** Something that happened at a known time. `fromNs..toNs` brackets the edge: begun, and known to have happened. */
export type TimelineEvent = TimelineChange & { readonly fromNs: Nanoseconds; readonly toNs: Nanoseconds };

/** One row of a switch's MAC table. */
export interface MacEntry {
  readonly node: string;
  readonly port: string;
  readonly vlan: number;
  readonly mac: string;
}

/** How often a known MAC moved to another port of a node's switch since the switch was started. */
export type MacMoves = Readonly<Record<string, number>>;

export interface MacSnapshot {
  readonly atNs: Nanoseconds;
  /** Empty where only the moves were asked for. */
  readonly entries: readonly MacEntry[];
  /** Absent in older evidence; a node is not in it when its switch did not answer. */
  readonly moves?: MacMoves;
}

/** One probed fact about the configuration under test (P15). */
export interface AuditFact {
  readonly name: string;
  readonly ok: boolean;
  readonly value: string;
  readonly command: string;
  /** What the command printed, where the value only sums it up: for people, no rule reads it. */
  readonly listing?: string;
}

export interface SkipEntry {
  readonly what: string;
  readonly command: string;
  readonly output: string;
}

/** One address of a sender as a leaf's neighbor table holds it. */
export interface WatchedNeighbor {
  readonly leaf: string;
  readonly sender: string;
  readonly ip: string;
  readonly mac: string;
}

/** States of a neighbor entry (include/uapi/linux/neighbour.h); `DELETED`: it is in the table no more. */
export type NeighborState =
  'INCOMPLETE' | 'REACHABLE' | 'STALE' | 'DELAY' | 'PROBE' | 'FAILED' | 'NOARP' | 'PERMANENT' | 'NONE' | 'DELETED';

/** A change of one entry, as the leaf's kernel reported it. */
export interface NeighborEvent {
  readonly atNs: Nanoseconds;
  readonly leaf: string;
  readonly ip: string;
  readonly state: NeighborState;
}

/** `neighbors.json`: the history of the leaves' neighbor tables while they aged. */
export interface NeighborHistory {
  /** While the leaves' ageing was shortened and every watched entry was there. */
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
  /** Mean age at which a leaf asks an entry's owner again, ns. */
  readonly periodNs: number;
  /** Every leaf had these at `fromNs`. */
  readonly watched: readonly WatchedNeighbor[];
  /** In order of time; also entries that are not watched. */
  readonly events: readonly NeighborEvent[];
  /** Times in which a leaf was down and is excused: its table must be complete again at the end. */
  readonly excused?: readonly { readonly leaf: string; readonly fromNs: Nanoseconds; readonly toNs: Nanoseconds }[];
}

/** Packets of a client behind the spine to one address of a sender. */
export interface TrafficStream {
  readonly receiver: string;
  readonly ip: string;
  readonly flows: number;
  readonly sent: number;
  readonly duplicates: number;
  /** When each lost packet was sent, in order. */
  readonly lostNs: readonly Nanoseconds[];
}

/** A host route that appeared at, or vanished from, the spine, and the leaves that then announced it. */
export interface RouteEvent {
  readonly atNs: Nanoseconds;
  readonly ip: string;
  readonly leaves: readonly string[];
}

/** `traffic.json`: what a client behind the fabric's spine saw. */
export interface TrafficHistory {
  readonly client: string;
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
  readonly streams: readonly TrafficStream[];
  readonly routes: readonly RouteEvent[];
  /** Routes that must lead to every leaf at the end. */
  readonly wanted: readonly string[];
  /** Packets for which a receiver's sockets had no room, meanwhile. */
  readonly receiverDrops?: readonly { readonly node: string; readonly dropped: number }[];
  /** Times of planned change: loss is measured, and not held against the replicator. */
  readonly outages: readonly { readonly what: string; readonly fromNs: Nanoseconds; readonly toNs: Nanoseconds }[];
}

/**
 * Why an experiment was made: to qualify the replicator under test; or as a control, which must fail: with a mutant in
 * its place, or with a tamper behind it.
 */
export type Intent =
  | { readonly type: 'qualify' }
  | { readonly type: 'control'; readonly mutant: string }
  | { readonly type: 'control'; readonly tamper: string };

/** A program was ready to run and got no CPU for `waitedNs` in all, some time between `fromNs` and `toNs`. */
export interface CpuWait {
  readonly node: string;
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
  readonly waitedNs: number;
}

/** A clock of a lab whose machines have clocks of their own. All stamps of the evidence are moved to the lab's clock. */
export interface ClockRecord {
  /** Whose clock it is. */
  readonly name: string;
  /** How far it was ahead of the lab's clock. */
  readonly aheadNs: Nanoseconds;
  /** A stamp of it may be off by so much after it was moved: the larger error of two measurements, before and after. */
  readonly errorNs: Nanoseconds;
  /** The nodes whose stamps come from it. */
  readonly nodes: readonly string[];
}

/** A frame that was sent on one leg before the run, with nothing but the leg and the vantage behind it. */
export interface CanaryRecord {
  readonly kind: KindId;
  readonly form: TagForm;
  readonly copies: number;
  readonly altered: readonly Alteration[];
}

/** Frames that were sent on one leg at a rate, and what was seen of them. */
export interface RungRecord {
  readonly perSecond: number;
  readonly frames: number;
  readonly seen: number;
}

/** What was tried of the place where the frames of a leaf are captured. It only takes claims away. */
export interface VantageRecord {
  readonly kind: VantageName;
  /** Machine and port, for people. */
  readonly at: string;
  /** What the binding says that it does not show. */
  readonly without: readonly ('tags' | 'data')[];
  readonly canaries: readonly CanaryRecord[];
  /** It also shows what the leaf itself sends. */
  readonly showsSent: boolean;
  /** From slow to fast; it ends with the first rung that lost a frame. */
  readonly ladder: readonly RungRecord[];
  /** Frames that its counters of loss counted meanwhile; null where none can be read. */
  readonly counted: number | null;
  /** Why the counters that the binding names could not be read. */
  readonly uncounted?: string;
  /** Why nothing could be tried there, so that only the place itself speaks for it; absent where it was tried. */
  readonly untried?: string;
}

/** `evidence.json`: all that the judge needs besides the captures. Written once, when the window has closed. */
export interface EvidenceManifest {
  readonly schema: 1;
  readonly scenario: string;
  readonly intent: Intent;
  readonly testbed: string;
  /**
   * The data plane as reports call it, for instance `ovs-bond/balance-tcp`. Only a name: `plane` says what it does.
   */
  readonly dataplane: string;
  /** What the data plane does; evidence of version 0.1.0 does not say it, and `readEvidence` adds it. */
  readonly plane: PlaneTraits;
  readonly replicator: string;
  readonly topology: Topology;
  readonly profile: Profile;
  /** 32-bit value in every token of this evidence, so that captures are never mixed up. */
  readonly salt: number;
  readonly window: { readonly openNs: Nanoseconds; readonly closeNs: Nanoseconds };
  /** A copy later than this after its probe is `late`; measured per testbed, ns. */
  readonly lateBandNs: number;
  /** Don't-care time on both sides of a fault edge, ns: named floor, or what this very lab was measured to need. */
  readonly edgeBandNs: number;
  readonly taps: readonly Tap[];
  readonly timeline: readonly TimelineEvent[];
  readonly macTables: readonly MacSnapshot[];
  readonly audit: readonly AuditFact[];
  readonly skips: readonly SkipEntry[];
  /**
   * Senders whose own kernels the lab or the replicator's program let speak, or may have made speak; all others sent
   * nothing by themselves. Absent in older evidence: nothing is known then.
   */
  readonly stacks?: readonly string[];
  /**
   * VMs that were on another host behind the same leaves when the window opened, and are on this one when it closes.
   */
  readonly movedIn?: readonly string[];
  /** Where the replicator is a program on the host: the MACs of all interfaces there, which it may use. */
  readonly hostMacs?: readonly string[];
  /**
   * Why this evidence can give no verdict on its subject (the replicator died, LACP never came up); null when nothing
   * broke.
   */
  readonly blocked: string | null;
  readonly environment: Readonly<Record<string, string>>;
  /** How long each phase took, ms, in order. */
  readonly phases: readonly { readonly name: string; readonly ms: number }[];
  /** The active leg when the window opened, of a plane that has one; absent in the others, and in older evidence. */
  readonly activeLeg?: string;
  /** Why the whole scenario could not be tried on this machine; the command that showed it is in `skips`. */
  readonly skipped?: string;
  /**
   * Frames that host and leaves lost in the window before their switch read them (its input sockets had no room); no
   * entry where the kernel does not count, or the switch was gone at the end. If a switch was restarted in the window,
   * its losses before that are not counted: the figure is then a lower bound.
   */
  readonly switchDrops?: readonly { readonly node: string; readonly dropped: number }[];
  /**
   * When the switch of the host was ready to run and had to wait for a CPU; absent where it is none that can wait, in
   * older evidence, and where it never waited long.
   */
  readonly cpuWaits?: readonly CpuWait[];
  /** Absent where the whole lab has one clock. */
  readonly clocks?: readonly ClockRecord[];
  /** By leaf: what was tried of its vantage before the run. Absent where captures are taken at the leaves' own ports. */
  readonly vantages?: Readonly<Record<string, VantageRecord>>;
  /** By leaf: frames that the loss counters of its vantage counted in this window; null where none could be read. */
  readonly vantageLosses?: Readonly<Record<string, number | null>>;
  /** Name of the file with a NeighborHistory, where leaf tables were watched. */
  readonly neighbors?: string;
  /** Name of the file with a TrafficHistory, where a client streamed. */
  readonly traffic?: string;
}

export interface Evidence {
  readonly manifest: EvidenceManifest;
  readonly probes: readonly Probe[];
  readonly neighbors?: NeighborHistory;
  readonly traffic?: TrafficHistory;
  /** Absolute folder; capture files are read from it. */
  readonly folder: string;
}
