import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { armTap, type ArmedTap } from '../capture/armed.js';
import { legTaps } from '../capture/legTaps.js';
import { allWaits, watchCpuWaits } from '../capture/cpuWaits.js';
import { countSwitchDrops } from '../capture/switchDrops.js';
import { leafTaps, returnTap, secondHostTaps, witnessTap } from '../capture/taps.js';
import type { Plane } from '../dataplane/plane.js';
import { fdbMovesOf, fdbOf } from '../dataplane/tables.js';
import { DURATIONS } from '../durations.js';
import type { Intent, MacSnapshot, Nanoseconds, Probe, SkipEntry, TimelineEvent } from '../evidence/types.js';
import type { Histories } from '../evidence/write.js';
import type { Fault } from '../fault/fault.js';
import { readyQueues } from '../lab/queues.js';
import type { RestartableReplicator } from '../replicator/restartable.js';
import type { Replicator } from '../replicator/types.js';
import { whileAsking } from '../stimulus/asking.js';
import type { Lab } from '../testbed/lab.js';
import { recordStates, type StateRecorder } from '../timeline/recorder.js';
import { senderNamed, sendersOf } from '../topology/senders.js';
import { FIRST_CONTROL_ID } from '../wire/control.js';
import type { Absent } from './absent.js';
import { macsOf } from './hostMacs.js';
import type { RunningHost } from './runningHost.js';
import type { Stopwatch } from './stopwatch.js';

/** The lab of a trial, and how its window is to be watched. */
export interface TrialOptions {
  readonly lab: Lab;
  /** The host's switch, with the leaves that fit. */
  readonly plane: Plane;
  /** How far `legsInTurn` are rotated; not at all without it. */
  readonly turn?: number;
  readonly replicator: Replicator;
  readonly installed: RestartableReplicator;
  /** The faults that can be made. */
  readonly faults: readonly Fault[];
  readonly intent: Intent;
  readonly scenario: string;
  readonly testbed: string;
  /** Where its evidence goes. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stopwatch: Stopwatch;
  /** Senders whose own stack will speak: they get a witness tap. */
  readonly witnesses: readonly string[];
  /**
   * Also capture what the host hands to each leg, and record what the machines report of their links: for scenarios in
   * which a leg dies.
   */
  readonly watchLegs: boolean;
  /** The host's switch will be restarted, and the port of its own stack goes with it: nothing can be captured there. */
  readonly switchRestarts?: boolean;
  /** Copies that are due and have not come keep the window open for a while, so that they are seen to be late. */
  readonly awaitLate?: boolean;
  /** The window stays open for frames that come long after the last one, and never should. */
  readonly lingers?: boolean;
  /** VMs that are not on the host yet. */
  readonly absent?: Absent;
  /** These are on another host behind the same leaves. */
  readonly movesIn?: boolean;
  /** Another host behind the same leaves; the lab's topology has it. */
  readonly secondHost?: RunningHost;
  /** How long a leaf waits for answers that do not come, ms; `DURATIONS.neighborAnswer` without it. */
  readonly answerMs?: number;
  /** Why the scenario cannot be tried here: the window opens and closes, and records it. */
  readonly lack?: SkipEntry;
}

/**
 * The time from the canaries to the fences, in which every capture is known to be alive, and what is known of it: it
 * becomes the evidence.
 */
export interface Window extends TrialOptions {
  readonly salt: number;
  readonly probes: Probe[];
  readonly timeline: TimelineEvent[];
  readonly skips: SkipEntry[];
  readonly macTables: MacSnapshot[];
  readonly taps: readonly ArmedTap[];
  /** What the machines report of their links; null where no leg is watched. */
  readonly recorder: StateRecorder | null;
  readonly openNs: Nanoseconds;
  /** Only for a plane that hears its active leg alone; null for others. */
  readonly activeLeg: string | null;
  readonly lateBandMs: number;
  readonly edgeBandMs: number;
  /** When the last probe outside of streams was sent, on the clock of `performance`. */
  lastSentMs: number;
  /** The same for probes of streams. */
  lastStreamedMs: number;
  /** Senders that spoke: a fence is sent after the probes of each. */
  readonly used: Set<string>;
  /** What the switches' input sockets have lost since the window opened. */
  readonly switchDrops: Awaited<ReturnType<typeof countSwitchDrops>>;
  /** How long the host's switch has waited for a CPU since then. */
  readonly cpuWaits: ReturnType<typeof watchCpuWaits>;
  /** Nodes whose own stacks may speak. */
  readonly stacks: Set<string>;
  /** Null where no program on the host may send. */
  readonly hostMacs: Set<string> | null;
  histories: Histories;
  /** What is lacking, where the whole scenario cannot be tried here. */
  skipped: string | null;
  /** What broke and says nothing about frames. */
  blocked: string | null;
  readonly nextId: () => number;
  readonly nextControlId: () => number;
}

function counter(first: number): () => number {
  let next = first;
  return () => next++;
}

/** Arms every tap and proves each alive; then the window is open. */
export async function openWindow(options: TrialOptions): Promise<Window> {
  const { lab, plane, stopwatch } = options;
  const { topology } = lab;
  const salt = randomInt(1, 2 ** 32);
  const nextControlId = counter(FIRST_CONTROL_ID);
  await readyQueues(lab);
  const legs = options.watchLegs ? await legTaps(lab) : [];
  const found = [
    ...leafTaps(lab),
    ...secondHostTaps(lab),
    ...('what' in legs ? [legs] : legs),
    ...sendersOf(topology)
      .filter((sender) => options.switchRestarts !== true || sender !== topology.host)
      .map((sender) => returnTap(lab, plane, sender)),
    ...options.witnesses.map((name) => witnessTap(lab, senderNamed(topology, name))),
  ];
  const specs = found.flatMap((tap) => ('what' in tap ? [] : [tap]));
  mkdirSync(options.folder, { recursive: true });
  const taps = await stopwatch.time('captures arm', () =>
    Promise.all(specs.map((spec) => armTap(lab, spec, salt, nextControlId, options.folder))),
  );
  // All captures run before the first canary, so that starting one does not delay the canary of another.
  const delays = await stopwatch.time('canaries', () => whileAsking(lab, Promise.all(taps.map((tap) => tap.canary()))));
  const slowest = Math.max(...delays.map((ms) => ms ?? 0));
  const [entries, moves, activeLeg] = await Promise.all([
    fdbOf(plane),
    fdbMovesOf(plane),
    plane.traits.hears.unicast === 'active' ? plane.activeLeg() : null,
  ]);
  const macTables: MacSnapshot[] = [{ atNs: await lab.now(), entries, moves }];
  const switchDrops = await countSwitchDrops(plane, options.secondHost === undefined ? [] : [options.secondHost.plane]);
  const isProgram = options.replicator.speaksOnHost === true;
  const timeline: TimelineEvent[] = [];
  return {
    ...options,
    salt,
    taps,
    macTables,
    switchDrops,
    activeLeg,
    timeline,
    probes: [],
    skips: [
      // A sender without a tap for what it hears may have none for what it says either.
      ...new Map(found.flatMap((tap) => ('what' in tap ? [[tap.what, tap] as const] : []))).values(),
      ...(options.lack === undefined ? [] : [options.lack]),
    ],
    lastSentMs: -Infinity,
    lastStreamedMs: -Infinity,
    used: new Set(
      specs.flatMap(({ role, direction, node }) => (role === 'sender' && direction === 'out' ? [node] : [])),
    ),
    stacks: new Set(isProgram ? [topology.host.node] : []),
    hostMacs: isProgram ? new Set(await macsOf(lab.node(topology.host.node))) : null,
    histories: {},
    skipped: options.lack?.what ?? null,
    blocked: null,
    openNs: await lab.now(),
    lateBandMs: Math.max(DURATIONS.lateBandFloor, slowest * DURATIONS.lateBandFactor),
    edgeBandMs: Math.max(DURATIONS.edgeBand, slowest * DURATIONS.edgeBandFactor),
    nextId: counter(1),
    nextControlId,
    recorder: options.watchLegs ? await recordStates(lab, plane, (event) => void timeline.push(event)) : null,
    cpuWaits: watchCpuWaits({ node: plane.node, cpuWait: allWaits(plane, lab) }, () => lab.now()),
  };
}

/** Notes something that happened, with the captures' clock. */
export async function mark({ lab, timeline }: Window, text: string): Promise<void> {
  const at = await lab.now();
  timeline.push({ type: 'mark', text, fromNs: at, toNs: at });
}

/** Notes, once, that a part of it cannot be tried; the rest is. */
export function skipPart({ skips }: Window, entry: SkipEntry): void {
  if (!skips.some(({ what }) => what === entry.what)) skips.push(entry);
}

/** The whole scenario cannot be tried here. */
export function skipAll(window: Window, entry: SkipEntry): void {
  window.skips.push(entry);
  window.skipped = entry.what;
}

/** Adds histories other than frames to the evidence. */
export function keep(window: Window, histories: Histories): void {
  window.histories = { ...window.histories, ...histories };
}

/**
 * From here on the kernels of these senders may send frames by themselves; each frame of any other sender at a leaf
 * must be a probe's.
 */
export function letSpeak({ lab, stacks }: Window, senders: readonly string[]): void {
  for (const name of senders) stacks.add(senderNamed(lab.topology, name).node);
}
