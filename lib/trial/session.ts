import { randomInt } from 'node:crypto';
import { armTap, type ArmedTap } from '../capture/armed.js';
import { legTaps } from '../capture/legTaps.js';
import { countSwitchDrops } from '../capture/switchDrops.js';
import { leafTaps, returnTap, witnessTap } from '../capture/taps.js';
import type { HostSwitch } from '../dataplane/types.js';
import { DURATIONS } from '../durations.js';
import type { Intent, MacSnapshot, Nanoseconds, Probe, SkipEntry, TimelineEvent } from '../evidence/types.js';
import type { FaultVerb } from '../fault/types.js';
import type { Histories } from '../evidence/write.js';
import type { RestartableReplicator } from '../replicator/restartable.js';
import type { InstalledReplicator, Replicator } from '../replicator/types.js';
import type { Lab } from '../testbed/types.js';
import { senderNamed, sendersOf } from '../topology/senders.js';
import { FIRST_CONTROL_ID } from '../wire/control.js';
import { macsOf } from './hostMacs.js';
import type { Stopwatch } from './stopwatch.js';

export interface ExperimentOptions {
  readonly lab: Lab;
  readonly host: HostSwitch;
  readonly replicator: Replicator;
  /** One that can be killed where a scenario kills it. */
  readonly installed: InstalledReplicator | RestartableReplicator;
  /** Those that can be made. */
  readonly faults: readonly FaultVerb[];
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

/** What is known of an experiment while its window is open; what becomes its evidence when it closes. */
export interface Session extends ExperimentOptions {
  readonly salt: number;
  readonly probes: Probe[];
  readonly timeline: TimelineEvent[];
  readonly skips: SkipEntry[];
  readonly macTables: MacSnapshot[];
  readonly taps: readonly ArmedTap[];
  readonly openNs: Nanoseconds;
  /** Which an active-backup bond uses; null in the other modes. */
  readonly activeLeg: string | null;
  readonly lateBandMs: number;
  readonly edgeBandMs: number;
  /** When the last probe was sent that is no stream's, on the clock of `performance`. */
  lastSentMs: number;
  /** The same for those of streams. */
  lastStreamedMs: number;
  /** Senders that spoke: a fence goes behind the probes of each. */
  readonly used: Set<string>;
  /** What the switches' input sockets have lost since the window opened. */
  readonly switchDrops: Awaited<ReturnType<typeof countSwitchDrops>>;
  /** Nodes whose own stacks may speak. */
  readonly stacks: Set<string>;
  /** Null where no program on the host may speak. */
  readonly hostMacs: Set<string> | null;
  histories: Histories;
  /** What cannot be tried here, where that is all of the scenario. */
  skipped: string | null;
  /** What broke that is not the frames' affair. */
  blocked: string | null;
  readonly nextId: () => number;
  readonly nextControlId: () => number;
}

function counter(first: number): () => number {
  let next = first;
  return () => next++;
}

/** Arms every tap and proves each alive; with that the window is open. */
export async function openSession(options: ExperimentOptions): Promise<Session> {
  const { lab, host, stopwatch } = options;
  const { topology } = lab;
  const salt = randomInt(1, 2 ** 32);
  const nextControlId = counter(FIRST_CONTROL_ID);
  const legs = options.watchLegs ? await legTaps(lab) : [];
  const specs = [
    ...leafTaps(lab),
    ...('what' in legs ? [] : legs),
    ...sendersOf(topology)
      .filter((sender) => options.switchRestarts !== true || sender !== topology.host)
      .map((sender) => returnTap(lab, host, sender)),
    ...options.witnesses.map((name) => witnessTap(lab, senderNamed(topology, name))),
  ];
  const taps = await stopwatch.time('captures arm', () =>
    Promise.all(specs.map((spec) => armTap(lab, spec, salt, nextControlId))),
  );
  // All captures stand before the first canary, so that starting one does not delay the canary of another.
  const delays = await stopwatch.time('canaries', () => Promise.all(taps.map((tap) => tap.canary())));
  const slowest = Math.max(...delays.map((ms) => ms ?? 0));
  const [entries, moves, activeLeg] = await Promise.all([host.macTable(), host.macMoves(), host.activeLeg()]);
  const macTables: MacSnapshot[] = [{ atNs: await lab.now(), entries, moves }];
  const switchDrops = await countSwitchDrops(lab);
  const isProgram = options.replicator.speaksOnHost === true;
  return {
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
    stacks: new Set(isProgram ? [topology.host.node] : []),
    hostMacs: isProgram ? new Set(await macsOf(lab.node(topology.host.node))) : null,
    histories: {},
    skipped: null,
    blocked: null,
    openNs: await lab.now(),
    lateBandMs: Math.max(DURATIONS.lateBandFloor, slowest * DURATIONS.lateBandFactor),
    edgeBandMs: Math.max(DURATIONS.edgeBand, slowest * DURATIONS.edgeBandFactor),
    nextId: counter(1),
    nextControlId,
  };
}
