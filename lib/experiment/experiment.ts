import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { armTap, type ArmedTap } from '../capture/armed.js';
import { legTaps } from '../capture/legTaps.js';
import { leafTaps, returnTap, witnessTap } from '../capture/taps.js';
import type { HostSwitch } from '../dataplane/types.js';
import { DURATIONS } from '../durations.js';
import type { EvidenceManifest, Intent, MacSnapshot, Probe, SkipEntry, Tap, TimelineEvent } from '../evidence/types.js';
import { writeEvidence, type Histories } from '../evidence/write.js';
import { plug, unplug } from '../fault/unplug.js';
import type { InstalledReplicator, Replicator } from '../replicator/types.js';
import { craftKinds, type CraftedProbe, type CraftOptions } from '../stimulus/crafted.js';
import { lanesOf, type Lane } from '../stimulus/lane.js';
import { witnessedProbes } from '../stimulus/witnessed.js';
import { groupBy } from '../groupBy.js';
import type { Lab } from '../testbed/types.js';
import type { Leg, Sender } from '../topology/model.js';
import { controlFrame } from '../wire/control.js';
import type { Stopwatch } from './stopwatch.js';

/** Ids of control frames are far from those of probes. */
const FIRST_CONTROL_ID = 1_000_000_000;

export interface ExperimentOptions {
  readonly lab: Lab;
  readonly host: HostSwitch;
  readonly replicator: Replicator;
  readonly installed: InstalledReplicator;
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
  unplug(leg: string): Promise<void>;
  plug(leg: string): Promise<void>;
  /** Notes something that happened, with the captures' clock. */
  mark(text: string): Promise<void>;
  skip(entry: SkipEntry): void;
  block(reason: string): void;
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
  readonly lateBandMs: number;
  readonly used: Set<string>;
  histories: Histories;
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

function findLeg(lab: Lab, name: string): Leg {
  const leg = lab.topology.legs.find((one) => one.name === name);
  if (leg === undefined) throw new RangeError(`"${name}" is no leg; there are ${lab.topology.legs.map((one) => one.name).join(', ')}`);
  return leg;
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

/** Leaves time for an edge's don't-care band to pass, so that the next probe is judged. */
async function clearOfBand(): Promise<void> {
  await wait(DURATIONS.edgeBand + DURATIONS.poll);
}

async function doUnplug(session: Session, name: string): Promise<void> {
  const leg = findLeg(session.lab, name);
  await clearOfBand();
  const { fromNs } = await unplug(session.lab, leg);
  const alive = session.lab.topology.legs.filter((one) => one !== leg && isUp(session.timeline, one.name));
  await session.host.settled(alive.map((one) => one.name));
  session.timeline.push({ type: 'leg', leg: name, state: 'down', verb: 'unplug', fromNs, toNs: await session.lab.now() });
  await clearOfBand();
}

function isUp(timeline: readonly TimelineEvent[], leg: string): boolean {
  const last = timeline.findLast((event) => event.type === 'leg' && event.leg === leg);
  return last?.type !== 'leg' || last.state === 'up';
}

/** Sends one ARP reply after another until a single one has been seen on every live leaf; the recovery of P8, from link-up. */
async function measureRecovery(session: Session, live: readonly ArmedTap[]): Promise<string> {
  const sender = session.lab.topology.vms[0] ?? session.lab.topology.host;
  const lane = lanesOf(session.lab.topology, sender)[0];
  if (lane === undefined) throw new RangeError(`${sender.node} has no lane`);
  const options: CraftOptions = { salt: session.salt, nextId: session.nextId, group: 'recovery' };
  const giveUp = performance.now() + DURATIONS.recovery;
  for (;;) {
    const [probe] = await sendAll(session, craftKinds(lane, ['arp-reply-unicast'], 1, options));
    if (probe === undefined) throw new RangeError('nothing was sent');
    const seen = await Promise.all(live.map((tap) => tap.seen(probe.id, DURATIONS.recoveryProbe)));
    if (seen.every(Boolean)) return probe.sentNs;
    if (performance.now() > giveUp) return '';
  }
}

async function doPlug(session: Session, name: string): Promise<void> {
  const leg = findLeg(session.lab, name);
  await clearOfBand();
  const link = await plug(session.lab, leg);
  const alive = session.lab.topology.legs.filter((one) => one === leg || isUp(session.timeline, one.name)).map((one) => one.name);
  const live = session.taps.filter((tap) => tap.spec.role === 'leaf' && alive.includes(tap.spec.leg ?? ''));
  const recovered = await measureRecovery(session, live);
  await session.host.settled(alive);
  const toNs = await session.lab.now();
  session.timeline.push({ type: 'leg', leg: name, state: 'up', verb: 'plug', fromNs: link.fromNs, toNs });
  const text = recovered === '' ? `no frame was on every leaf again after ${name} was plugged` : `every leaf has frames again ${((Number(BigInt(recovered) - BigInt(link.fromNs))) / 1e6).toFixed(1)} ms after ${name} was plugged`;
  session.timeline.push({ type: 'mark', text, fromNs: link.fromNs, toNs: recovered === '' ? toNs : recovered });
  await clearOfBand();
}

/** Frames from each used sender that leave behind all its probes on the same data path, until each has come out at some leaf. */
async function pathFences(session: Session): Promise<string | null> {
  const leaves = session.taps.filter((tap) => tap.spec.role === 'leaf');
  const lost = await Promise.all(
    [...session.used].map(async (name) => {
      const sender = findSender(session.lab, name);
      const lane = lanesOf(session.lab.topology, sender)[0];
      const id = session.nextControlId();
      const bare = controlFrame({ source: sender.mac, destination: lane?.gatewayMac ?? '', salt: session.salt, id });
      const frame = lane === undefined ? bare : tagged(bare, lane);
      await session.lab.node(name).inject(sender.nic, [frame]);
      const seen = await Promise.any(leaves.map(async (tap) => ((await tap.seen(id, DURATIONS.controlFrame)) ? true : Promise.reject(new Error('not here'))))).catch(() => false);
      return seen ? null : name;
    }),
  );
  const names = lost.filter((name) => name !== null);
  return names.length === 0 ? null : `the fence behind the probes of ${names.join(', ')} came out at no leaf: the data path does not carry plain frames`;
}

function tagged(frame: Uint8Array, lane: Lane): Uint8Array {
  const tags = lane.sentTags.flatMap((tag) => [tag.tpid >> 8, tag.tpid & 0xff, (tag.pcp << 5) | (tag.vid >> 8), tag.vid & 0xff]);
  return Uint8Array.of(...frame.subarray(0, 12), ...tags, ...frame.subarray(12));
}

async function close(session: Session, blocked: string | null): Promise<void> {
  const { lab, host, stopwatch, folder } = session;
  const path = await stopwatch.time('path fences', () => pathFences(session));
  const settledNs = BigInt(await lab.now());
  const [tables, facts, replicatorFacts] = await stopwatch.time('late band', () =>
    Promise.all([host.macTable(), host.audit(), session.installed.audit(), wait(session.lateBandMs)]),
  );
  session.macTables.push({ atNs: await lab.now(), entries: tables });
  const closeNs = await lab.now();
  await stopwatch.time('fences', () => Promise.all(session.taps.map((tap) => tap.fence())));
  const stopped = await stopwatch.time('captures stop', () => Promise.all(session.taps.map((tap) => tap.stop())));
  mkdirSync(folder, { recursive: true });
  const taps: Tap[] = [];
  for (const { tap, bytes } of stopped) {
    writeFileSync(join(folder, tap.file), bytes);
    taps.push(tap);
  }
  const openNs = session.openNs;
  for (const { tap, bytes } of stopped) {
    if (tap.role !== 'sender' || tap.direction !== 'out') continue;
    const lane = lanesOf(lab.topology, findSender(lab, tap.node))[0];
    session.probes.push(
      ...witnessedProbes(bytes, { sender: tap.node, group: 'stack', salt: session.salt, wireTags: lane?.wireTags ?? [], nextId: session.nextId, fromNs: BigInt(openNs), toNs: settledNs }),
    );
  }
  const broken = session.installed.broken();
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
    lateBandNs: Math.round(session.lateBandMs * 1e6),
    edgeBandNs: DURATIONS.edgeBand * 1e6,
    taps,
    timeline: session.timeline,
    macTables: session.macTables,
    audit: [...facts, ...replicatorFacts],
    skips: session.skips,
    blocked: blocked ?? (broken === null ? path : `the replicator ${session.replicator.name} does not run: ${broken}`),
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
    ...senders.map((sender) => returnTap(lab, host, sender)),
    ...options.witnesses.map((name) => witnessTap(lab, findSender(lab, name))),
  ];
  const taps = await stopwatch.time('captures arm', () => Promise.all(specs.map((spec) => armTap(lab, spec, salt, nextControlId))));
  // All captures stand before the first canary, so that starting one does not delay the canary of another.
  const delays = await stopwatch.time('canaries', () => Promise.all(taps.map((tap) => tap.canary())));
  const slowest = Math.max(...delays.map((ms) => ms ?? 0));
  const macTables = [{ atNs: await lab.now(), entries: await host.macTable() }];
  const session: Session = {
    ...options,
    salt,
    taps,
    macTables,
    probes: [],
    timeline: [],
    skips: 'what' in legs ? [legs] : [],
    used: new Set(),
    histories: {},
    openNs: await lab.now(),
    lateBandMs: Math.max(DURATIONS.lateBandFloor, slowest * DURATIONS.lateBandFactor),
    nextId: counter(1),
    nextControlId,
  };
  let blocked: string | null = null;
  return {
    lab,
    host,
    lanes: senders.flatMap((sender) => lanesOf(lab.topology, sender)),
    craftOptions: (group) => ({ salt, nextId: session.nextId, group }),
    send: (probes, rate) => sendAll(session, probes, rate),
    sendAsLeaf: (leaf, probes) => sendAsLeaf(session, leaf, probes),
    unplug: (leg) => doUnplug(session, leg),
    plug: (leg) => doPlug(session, leg),
    async mark(text) {
      const at = await lab.now();
      session.timeline.push({ type: 'mark', text, fromNs: at, toNs: at });
    },
    skip: (entry) => void session.skips.push(entry),
    block: (reason) => (blocked ??= reason),
    keep: (histories) => void (session.histories = { ...session.histories, ...histories }),
    close: () => close(session, blocked),
  };
}
