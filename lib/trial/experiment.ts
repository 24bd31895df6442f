import type { HostSwitch } from '../dataplane/types.js';
import { DURATIONS } from '../durations.js';
import type { Probe, SkipEntry } from '../evidence/types.js';
import type { Histories } from '../evidence/write.js';
import type { FaultArguments } from '../fault/types.js';
import type { CraftedProbe, CraftOptions } from '../stimulus/crafted.js';
import { lanesOf, type Lane } from '../stimulus/lane.js';
import type { Lab } from '../testbed/types.js';
import { recordStates } from '../timeline/recorder.js';
import { senderNamed, sendersOf } from '../topology/senders.js';
import { closeSession } from './close.js';
import { createFaultBench, type FaultBench, type OpenFault } from './faults.js';
import { noteRecovery } from './recovery.js';
import { sendAll, sendAsLeaf } from './sending.js';
import { openSession, type ExperimentOptions, type Session } from './session.js';

/** A window in which captures are alive: frames are sent, links break, and at its end there is evidence. */
export interface Experiment {
  readonly lab: Lab;
  readonly host: HostSwitch;
  readonly lanes: readonly Lane[];
  /** For crafting probes of this experiment. */
  craftOptions(group: string): CraftOptions;
  /** Sends crafted probes from their senders' NICs and returns them as probes. */
  send(probes: readonly CraftedProbe[], rate?: number): Promise<readonly Probe[]>;
  /** Sends frames as a leaf: out of its end of the leg, towards the host. */
  sendAsLeaf(leaf: string, probes: readonly CraftedProbe[]): Promise<readonly Probe[]>;
  /** Makes a fault of lib/defaults.ts; null when this machine cannot, and then the skips say why. Every fault is repaired at the latest when the experiment closes. */
  inflict(fault: string, leg: string, args?: FaultArguments): Promise<OpenFault | null>;
  flap(leg: string, args: FaultArguments): Promise<void>;
  /** Resolves when the bond uses none of these legs and all others. */
  bondLeft(legs: readonly string[]): Promise<void>;
  /** Lets the host and every leaf ask for LACPDUs at the slow rate; resolves when all have heard of it. */
  slowLacp(): Promise<void>;
  /** Resolves when the host hears different LACP systems on its legs. */
  partnersDiffer(): Promise<void>;
  /** Notes something that happened, with the captures' clock. */
  mark(text: string): Promise<void>;
  skip(entry: SkipEntry): void;
  /** The whole scenario cannot be tried here. */
  skipAll(entry: SkipEntry): void;
  block(reason: string): void;
  /** From here on the kernels of these senders may say something of their own; of all others each frame at a leaf must be a probe's. Before they do. */
  letSpeak(senders: readonly string[]): void;
  /** Keeps what was watched apart from frames with the evidence. */
  keep(histories: Histories): void;
  /** Closes the window and writes the evidence folder. */
  close(): Promise<void>;
}

/** Faults on the lab of a session, whose edges and what they did are noted in it. */
function faultBenchOf(session: Session, lookAtMembers: () => Promise<void>): FaultBench {
  const { lab, host, installed, timeline, skips, edgeBandMs, replicator, macTables } = session;
  return createFaultBench({
    lab,
    host,
    faults: session.faults,
    replicator: 'kill' in installed ? installed : null,
    timeline,
    skips,
    edgeBandMs,
    profile: replicator.profile,
    lastSentMs: () => session.lastSentMs,
    lastStreamedMs: () => session.lastStreamedMs,
    lookAtMembers,
    async lookAtMoves() {
      const counted = await host.macMoves(DURATIONS.switchAnswer);
      macTables.push({ atNs: await lab.now(), entries: [], moves: counted });
    },
    onCarrierBack: (leg, sinceNs, alive) => noteRecovery(session, leg, sinceNs, alive),
  });
}

/** Arms every tap, proves each alive, and opens the window. */
export async function openExperiment(options: ExperimentOptions): Promise<Experiment> {
  const session = await openSession(options);
  const { lab, host, timeline, skips, stacks } = session;
  const recorder = options.watchLegs ? await recordStates(lab, host, (event) => void timeline.push(event)) : null;
  const faults = faultBenchOf(session, async () => recorder?.look());
  return {
    lab,
    host,
    lanes: sendersOf(lab.topology).flatMap((sender) => lanesOf(lab.topology, sender)),
    craftOptions: (group) => ({ salt: session.salt, nextId: session.nextId, group }),
    send: (probes, rate) => sendAll(session, probes, rate),
    sendAsLeaf: (leaf, probes) => sendAsLeaf(session, leaf, probes),
    inflict: (fault, leg, args) => faults.inflict(fault, leg, args),
    flap: (leg, args) => faults.flap(leg, args),
    bondLeft: (legs) => faults.bondLeft(legs),
    slowLacp: () => faults.slowLacp(),
    partnersDiffer: () => faults.partnersDiffer(),
    async mark(text) {
      const at = await lab.now();
      timeline.push({ type: 'mark', text, fromNs: at, toNs: at });
    },
    skip: (entry) => void skips.push(entry),
    skipAll(entry) {
      skips.push(entry);
      session.skipped = entry.what;
    },
    block: (reason) => void (session.blocked ??= reason),
    letSpeak: (names) => names.forEach((name) => stacks.add(senderNamed(lab.topology, name).node)),
    keep: (histories) => void (session.histories = { ...session.histories, ...histories }),
    close: () => closeSession(session, faults, recorder),
  };
}
