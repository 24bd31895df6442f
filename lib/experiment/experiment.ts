import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { armTap, type ArmedTap } from '../capture/armed.js';
import { legTaps } from '../capture/legTaps.js';
import { pathFence } from '../capture/pathFence.js';
import { countSwitchDrops } from '../capture/switchDrops.js';
import { leafTaps, returnTap, witnessTap } from '../capture/taps.js';
import type { HostSwitch } from '../dataplane/types.js';
import { DURATIONS } from '../durations.js';
import type { EvidenceManifest, Intent, MacSnapshot, Probe, SkipEntry, Tap, TimelineEvent } from '../evidence/types.js';
import { RECOVERY_GROUP } from '../judge/recoveryGroup.js';
import { writeEvidence, type Histories } from '../evidence/write.js';
import type { FaultArguments } from '../fault/types.js';
import { inOrder } from '../judge/liveness.js';
import type { RestartableReplicator } from '../replicator/restartable.js';
import type { InstalledReplicator, Replicator } from '../replicator/types.js';
import { recordStates, type StateRecorder } from '../timeline/recorder.js';
import { macsOf } from './hostMacs.js';
import { awaitStragglers } from './stragglers.js';
import { createFaultBench, type FaultBench, type OpenFault } from './faults.js';
import { craftKinds, type CraftedProbe, type CraftOptions } from '../stimulus/crafted.js';
import { lanesOf, type Lane } from '../stimulus/lane.js';
import { STREAM_GROUP } from '../stimulus/stream.js';
import { witnessedProbes } from '../stimulus/witnessed.js';
import { groupBy } from '../groupBy.js';
import type { Lab } from '../testbed/types.js';
import type { Sender } from '../topology/model.js';
import { FIRST_CONTROL_ID } from '../wire/control.js';
import type { Stopwatch } from './stopwatch.js';

export interface ExperimentOptions {
  readonly lab: Lab;
  readonly host: HostSwitch;
  readonly replicator: Replicator;
  /** One that can be killed where a scenario kills it. */
  readonly installed: InstalledReplicator | RestartableReplicator;
  readonly intent: Intent;
  readonly scenario: string;
  readonly testbed: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stopwatch: Stopwatch;
  /** Senders whose own stack will speak: they get a witness tap. */
  readonly witnesses: readonly string[];
  /** Also capture what the host hands to each leg: for scenarios in which a leg dies. */
  readonly watchLegs: boolean;
  /** The host's switch will be restarted, and its own stack's port goes with it: it cannot be captured there. */
  readonly switchRestarts?: boolean;
  /** Copies that are due and have not come keep the window open for a while, so that they are seen to be late. */
  readonly awaitLate?: boolean;
  /** The window stays open for what comes long after the last frame and never should. */
  readonly lingers?: boolean;
}

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
  /** Makes a fault of lib/fault/registry.ts; null when this machine cannot, and then the skips say why. Every fault is repaired at the latest when the experiment closes. */
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

interface Session extends ExperimentOptions {
  readonly salt: number;
  readonly probes: Probe[];
  readonly timeline: TimelineEvent[];
  readonly skips: SkipEntry[];
  readonly macTables: MacSnapshot[];
  readonly taps: readonly ArmedTap[];
  readonly openNs: string;
  /** Which an active-backup bond uses; null in the other modes. */
  readonly activeLeg: string | null;
  readonly lateBandMs: number;
  readonly edgeBandMs: number;
  lastSentMs: number;
  lastStreamedMs: number;
  readonly used: Set<string>;
  readonly switchDrops: Awaited<ReturnType<typeof countSwitchDrops>>;
  readonly stacks: Set<string>;
  /** Null where no program on the host may speak. */
  readonly hostMacs: Set<string> | null;
  histories: Histories;
  skipped: string | null;
  readonly nextId: () => number;
  readonly nextControlId: () => number;
}

function counter(first: number): () => number {
  let next = first;
  return () => next++;
}

function findSender(lab: Lab, name: string): Sender {
  const { host, vms } = lab.topology;
  const sender = [host, ...vms].find((one) => one.node === name);
  if (sender === undefined) throw new RangeError(`"${name}" is no sender; there are ${[host, ...vms].map((one) => one.node).join(', ')}`);
  return sender;
}

async function sendAll(session: Session, probes: readonly CraftedProbe[], rate?: number): Promise<readonly Probe[]> {
  const bySender = groupBy(probes, (probe) => probe.sender);
  const sent = await Promise.all(
    [...bySender].map(async ([name, group]) => {
      const sender = findSender(session.lab, name);
      session.used.add(name);
      const times = await session.lab.node(name).inject(sender.nic, group.map((probe) => Buffer.from(probe.frame, 'hex')), rate);
      return group.map((probe, index): Probe => ({ ...probe, sentNs: times[index] ?? '0' }));
    }),
  );
  const all = sent.flat();
  if (probes.some((probe) => probe.group !== STREAM_GROUP)) session.lastSentMs = performance.now();
  else session.lastStreamedMs = performance.now();
  session.probes.push(...all);
  return all;
}

async function sendAsLeaf(session: Session, leaf: string, probes: readonly CraftedProbe[]): Promise<readonly Probe[]> {
  const leg = session.lab.topology.legs.find((one) => one.leaf === leaf);
  if (leg === undefined) throw new RangeError(`leaf "${leaf}" has no leg`);
  const times = await session.lab.node(leaf).inject(leg.leafPort, probes.map((probe) => Buffer.from(probe.frame, 'hex')));
  const all = probes.map((probe, index): Probe => ({ ...probe, sender: leaf, sentNs: times[index] ?? '0' }));
  session.probes.push(...all);
  return all;
}

/** Sends one ARP reply after another until a single one has been seen on every live leaf; the recovery of P8, from link-up. */
async function measureRecovery(session: Session, live: readonly ArmedTap[]): Promise<string> {
  const sender = session.lab.topology.vms[0] ?? session.lab.topology.host;
  const lane = lanesOf(session.lab.topology, sender)[0];
  if (lane === undefined) throw new RangeError(`${sender.node} has no lane`);
  const options: CraftOptions = { salt: session.salt, nextId: session.nextId, group: RECOVERY_GROUP };
  const giveUp = performance.now() + DURATIONS.recovery;
  for (;;) {
    const [probe] = await sendAll(session, craftKinds(lane, ['arp-reply-unicast'], 1, options));
    if (probe === undefined) throw new RangeError('nothing was sent');
    const seen = await Promise.all(live.map((tap) => tap.seen(probe.id, DURATIONS.recoveryProbe)));
    if (seen.every(Boolean)) return probe.sentNs;
    if (performance.now() > giveUp) return '';
  }
}

/** P8: from the carrier on until one frame was seen on every live leaf again; a sentence in the timeline. */
async function noteRecovery(session: Session, leg: string, sinceNs: string, alive: readonly string[]): Promise<void> {
  const live = session.taps.filter((tap) => tap.spec.role === 'leaf' && alive.includes(tap.spec.leg ?? ''));
  const recovered = await measureRecovery(session, live);
  const toNs = recovered === '' ? await session.lab.now() : recovered;
  const text = recovered === '' ? `no frame was on every leaf again after ${leg} was back` : `every leaf has frames again ${(Number(BigInt(recovered) - BigInt(sinceNs)) / 1e6).toFixed(1)} ms after ${leg} was back`;
  session.timeline.push({ type: 'mark', text, fromNs: sinceNs, toNs });
}

/** Fences behind the probes of each sender that spoke; null when all came out, else what that means. */
async function pathFences(session: Session): Promise<string | null> {
  const { lab, salt, nextControlId } = session;
  const leaves = session.taps.filter((tap) => tap.spec.role === 'leaf');
  const lost = await Promise.all(
    [...session.used].map(async (name) => {
      const [lane] = lanesOf(lab.topology, findSender(lab, name));
      return lane !== undefined && (await pathFence(lab, lane, leaves, salt, nextControlId)) ? null : name;
    }),
  );
  const names = lost.filter((name) => name !== null);
  return names.length === 0 ? null : `the fences behind the probes of ${names.join(', ')} came out at no leaf: the data path does not carry plain frames`;
}

async function close(session: Session, faults: FaultBench, recorder: StateRecorder | null, blocked: string | null): Promise<void> {
  const { lab, host, stopwatch, folder, openNs } = session;
  const unrepaired = await stopwatch.time('faults repaired', () => faults.repairAll().then(() => null, (error: unknown) => String(error)));
  await recorder?.[Symbol.asyncDispose]();
  const path = await stopwatch.time('path fences', () => pathFences(session));
  const nowNs = await lab.now();
  const lingerMs = session.lingers === true ? session.lastSentMs + DURATIONS.straggler - performance.now() : 0;
  const late = () => awaitStragglers({ ...session, profile: session.replicator.profile, host: lab.topology.host.node, nowNs });
  const [entries, moves, facts, replicatorFacts] = await stopwatch.time('late band', () =>
    Promise.all([host.macTable(), host.macMoves(), host.audit(), session.installed.audit(), wait(Math.max(session.lateBandMs, lingerMs)), session.awaitLate === true ? late() : null]),
  );
  session.macTables.push({ atNs: await lab.now(), entries, moves });
  const switchDrops = await session.switchDrops();
  const closeNs = await lab.now();
  await stopwatch.time('fences', () => Promise.all(session.taps.map((tap) => tap.fence())));
  // Witnesses last: whatever a leaf's capture holds, its witness has seen leaving.
  const isWitness = ({ spec }: ArmedTap) => spec.role === 'sender' && spec.direction === 'out';
  const stop = (taps: readonly ArmedTap[]) => Promise.all(taps.map(async (tap) => [tap, await tap.stop()] as const));
  const ended = await stopwatch.time('captures stop', async () => new Map([...(await stop(session.taps.filter((tap) => !isWitness(tap)))), ...(await stop(session.taps.filter(isWitness)))]));
  const stopped = session.taps.flatMap((tap) => ended.get(tap) ?? []);
  mkdirSync(folder, { recursive: true });
  const taps: Tap[] = [];
  for (const { tap, bytes } of stopped) {
    writeFileSync(join(folder, tap.file), bytes);
    taps.push(tap);
  }
  for (const { tap, bytes } of stopped) {
    if (tap.role !== 'sender' || tap.direction !== 'out') continue;
    const lane = lanesOf(lab.topology, findSender(lab, tap.node))[0];
    session.probes.push(
      ...witnessedProbes(bytes, { sender: tap.node, group: 'stack', salt: session.salt, wireTags: lane?.wireTags ?? [], nextId: session.nextId, fromNs: BigInt(openNs), toNs: BigInt(nowNs) }),
    );
  }
  const broken = session.installed.broken();
  // One that was started anew has interfaces anew.
  if (session.hostMacs !== null) for (const mac of await macsOf(lab.node(lab.topology.host.node))) session.hostMacs.add(mac);
  const manifest: EvidenceManifest = {
    schema: 1,
    scenario: session.scenario,
    intent: session.intent,
    testbed: session.testbed,
    dataplane: host.plane.name,
    replicator: session.replicator.name,
    topology: lab.topology,
    profile: session.replicator.profile,
    salt: session.salt,
    window: { openNs, closeNs },
    lateBandNs: Math.round(Math.min(Math.max(session.lateBandMs, DURATIONS.lateFloor), DURATIONS.lateCeiling) * 1e6),
    edgeBandNs: Math.round(session.edgeBandMs * 1e6),
    taps,
    timeline: inOrder(session.timeline),
    macTables: session.macTables,
    switchDrops,
    audit: [...facts, ...replicatorFacts],
    skips: session.skips,
    stacks: [...session.stacks].sort(),
    ...(session.activeLeg === null ? {} : { activeLeg: session.activeLeg }),
    ...(session.hostMacs === null ? {} : { hostMacs: [...session.hostMacs].sort() }),
    ...(session.skipped === null ? {} : { skipped: session.skipped }),
    blocked: blocked ?? unrepaired ?? (broken === null ? path : `the replicator ${session.replicator.name} does not run: ${broken}`),
    environment: session.environment,
    phases: stopwatch.phases(),
  };
  writeEvidence(folder, manifest, session.probes, session.histories);
}

/** Arms every tap, proves each alive, and opens the window. */
export async function openExperiment(options: ExperimentOptions): Promise<Experiment> {
  const { lab, host, stopwatch } = options;
  const salt = randomInt(1, 2 ** 32);
  const nextControlId = counter(FIRST_CONTROL_ID);
  const senders = [lab.topology.host, ...lab.topology.vms];
  const legs = options.watchLegs ? await legTaps(lab) : [];
  const specs = [
    ...leafTaps(lab),
    ...('what' in legs ? [] : legs),
    ...senders.filter((sender) => options.switchRestarts !== true || sender !== lab.topology.host).map((sender) => returnTap(lab, host, sender)),
    ...options.witnesses.map((name) => witnessTap(lab, findSender(lab, name))),
  ];
  const taps = await stopwatch.time('captures arm', () => Promise.all(specs.map((spec) => armTap(lab, spec, salt, nextControlId))));
  // All captures stand before the first canary, so that starting one does not delay the canary of another.
  const delays = await stopwatch.time('canaries', () => Promise.all(taps.map((tap) => tap.canary())));
  const slowest = Math.max(...delays.map((ms) => ms ?? 0));
  const [entries, moves, activeLeg] = await Promise.all([host.macTable(), host.macMoves(), host.activeLeg()]);
  const macTables: MacSnapshot[] = [{ atNs: await lab.now(), entries, moves }];
  const switchDrops = await countSwitchDrops(lab);
  const isProgram = options.replicator.speaksOnHost === true;
  const session: Session = {
    ...options,
    salt,
    taps,
    macTables,
    switchDrops,
    activeLeg,
    probes: [],
    timeline: [],
    skips: 'what' in legs ? [legs] : [],
    lastSentMs: -Infinity,
    lastStreamedMs: -Infinity,
    used: new Set(options.witnesses),
    stacks: new Set(isProgram ? [lab.topology.host.node] : []),
    hostMacs: isProgram ? new Set(await macsOf(lab.node(lab.topology.host.node))) : null,
    histories: {},
    skipped: null,
    openNs: await lab.now(),
    lateBandMs: Math.max(DURATIONS.lateBandFloor, slowest * DURATIONS.lateBandFactor),
    edgeBandMs: Math.max(DURATIONS.edgeBand, slowest * DURATIONS.edgeBandFactor),
    nextId: counter(1),
    nextControlId,
  };
  const recorder = options.watchLegs ? await recordStates(lab, host, (event) => void session.timeline.push(event)) : null;
  const faults = createFaultBench({
    lab, host, replicator: 'kill' in options.installed ? options.installed : null, timeline: session.timeline, skips: session.skips, edgeBandMs: session.edgeBandMs,
    profile: options.replicator.profile,
    lastSentMs: () => session.lastSentMs,
    lastStreamedMs: () => session.lastStreamedMs,
    lookAtMembers: async () => recorder?.look(),
    async lookAtMoves() {
      const counted = await host.macMoves(DURATIONS.switchAnswer);
      macTables.push({ atNs: await lab.now(), entries: [], moves: counted });
    },
    onCarrierBack: (leg, sinceNs, alive) => noteRecovery(session, leg, sinceNs, alive),
  });
  let blocked: string | null = null;
  return {
    lab,
    host,
    lanes: senders.flatMap((sender) => lanesOf(lab.topology, sender)),
    craftOptions: (group) => ({ salt, nextId: session.nextId, group }),
    send: (probes, rate) => sendAll(session, probes, rate),
    sendAsLeaf: (leaf, probes) => sendAsLeaf(session, leaf, probes),
    inflict: (fault, leg, args) => faults.inflict(fault, leg, args),
    flap: (leg, args) => faults.flap(leg, args),
    bondLeft: (legs) => faults.bondLeft(legs),
    slowLacp: () => faults.slowLacp(),
    partnersDiffer: () => faults.partnersDiffer(),
    async mark(text) {
      const at = await lab.now();
      session.timeline.push({ type: 'mark', text, fromNs: at, toNs: at });
    },
    skip: (entry) => void session.skips.push(entry),
    skipAll(entry) {
      session.skips.push(entry);
      session.skipped = entry.what;
    },
    block: (reason) => (blocked ??= reason),
    letSpeak: (names) => names.forEach((name) => session.stacks.add(findSender(lab, name).node)),
    keep: (histories) => void (session.histories = { ...session.histories, ...histories }),
    close: () => close(session, faults, recorder, blocked),
  };
}
