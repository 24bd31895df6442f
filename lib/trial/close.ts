import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ArmedTap, StoppedTap } from '../capture/armed.js';
import { pathFence } from '../capture/pathFence.js';
import { DURATIONS } from '../durations.js';
import { planeName } from '../dataplane/traits.js';
import type { EvidenceManifest, Nanoseconds, Probe, Tap } from '../evidence/types.js';
import { writeEvidence } from '../evidence/write.js';
import { inOrder } from '../judge/rules/liveness.js';
import { lanesOf } from '../stimulus/lane.js';
import { witnessedProbes } from '../stimulus/witnessed.js';
import type { StateRecorder } from '../timeline/recorder.js';
import { senderNamed } from '../topology/senders.js';
import type { FaultBench } from './faults.js';
import { macsOf } from './hostMacs.js';
import type { Session } from './session.js';
import { awaitStragglers } from './stragglers.js';

/** Fences behind the probes of each sender that spoke; null when all came out, else what that means. */
async function pathFences({ lab, salt, nextControlId, taps, used }: Session): Promise<string | null> {
  const leaves = taps.filter((tap) => tap.spec.role === 'leaf');
  const lost = await Promise.all(
    [...used].map(async (name) => {
      const [lane] = lanesOf(lab.topology, senderNamed(lab.topology, name));
      return lane !== undefined && (await pathFence(lab, lane, leaves, salt, nextControlId)) ? null : name;
    }),
  );
  const names = lost.filter((name) => name !== null);
  return names.length === 0
    ? null
    : `the fences behind the probes of ${names.join(', ')} came out at no leaf: the data path does not carry plain frames`;
}

const isWitness = ({ role, direction }: Pick<Tap, 'role' | 'direction'>): boolean =>
  role === 'sender' && direction === 'out';

/** Witnesses last: whatever a leaf's capture holds, its witness has seen leaving. */
async function stopTaps(taps: readonly ArmedTap[]): Promise<readonly StoppedTap[]> {
  const ended = new Map<ArmedTap, StoppedTap>();
  const stop = (some: readonly ArmedTap[]) => Promise.all(some.map(async (tap) => ended.set(tap, await tap.stop())));
  await stop(taps.filter(({ spec }) => !isWitness(spec)));
  await stop(taps.filter(({ spec }) => isWitness(spec)));
  return taps.flatMap((tap) => ended.get(tap) ?? []);
}

/** What the senders' own stacks said until `toNs`, by their witnesses. */
function witnessed(
  { lab, salt, nextId, openNs }: Session,
  stopped: readonly StoppedTap[],
  toNs: Nanoseconds,
): readonly Probe[] {
  return stopped
    .filter(({ tap }) => isWitness(tap))
    .flatMap(({ tap, bytes }) => {
      const [lane] = lanesOf(lab.topology, senderNamed(lab.topology, tap.node));
      return witnessedProbes(bytes, {
        sender: tap.node,
        group: 'stack',
        salt,
        wireTags: lane?.wireTags ?? [],
        nextId,
        fromNs: BigInt(openNs),
        toNs: BigInt(toNs),
      });
    });
}

/** Takes back what was broken, proves at the end of the window that path and captures are still alive, and writes the evidence. */
export async function closeSession(
  session: Session,
  faults: FaultBench,
  recorder: StateRecorder | null,
): Promise<void> {
  const { lab, host, stopwatch, folder, openNs } = session;
  const unrepaired = await stopwatch.time('faults repaired', () =>
    faults.repairAll().then(
      () => null,
      (error: unknown) => String(error),
    ),
  );
  await recorder?.[Symbol.asyncDispose]();
  const path = await stopwatch.time('path fences', () => pathFences(session));
  const nowNs = await lab.now();
  const lingerMs = session.lingers === true ? session.lastSentMs + DURATIONS.straggler - performance.now() : 0;
  const late = () =>
    awaitStragglers({ ...session, profile: session.replicator.profile, topology: lab.topology, nowNs });
  const [entries, moves, facts, replicatorFacts] = await stopwatch.time('late band', () =>
    Promise.all([
      host.macTable(),
      host.macMoves(),
      host.audit(),
      session.installed.audit(),
      wait(Math.max(session.lateBandMs, lingerMs)),
      session.awaitLate === true ? late() : null,
    ]),
  );
  session.macTables.push({ atNs: await lab.now(), entries, moves });
  const switchDrops = await session.switchDrops();
  const closeNs = await lab.now();
  await stopwatch.time('fences', () => Promise.all(session.taps.map((tap) => tap.fence())));
  const stopped = await stopwatch.time('captures stop', () => stopTaps(session.taps));
  mkdirSync(folder, { recursive: true });
  for (const { tap, bytes } of stopped) writeFileSync(join(folder, tap.file), bytes);
  session.probes.push(...witnessed(session, stopped, nowNs));
  const broken = session.installed.broken();
  // One that was started anew has interfaces anew.
  if (session.hostMacs !== null)
    for (const mac of await macsOf(lab.node(lab.topology.host.node))) session.hostMacs.add(mac);
  const manifest: EvidenceManifest = {
    schema: 1,
    scenario: session.scenario,
    intent: session.intent,
    testbed: session.testbed,
    dataplane: planeName(host.plane.traits),
    plane: host.plane.traits,
    replicator: session.replicator.name,
    topology: lab.topology,
    profile: session.replicator.profile,
    salt: session.salt,
    window: { openNs, closeNs },
    lateBandNs: Math.round(Math.min(Math.max(session.lateBandMs, DURATIONS.lateFloor), DURATIONS.lateCeiling) * 1e6),
    edgeBandNs: Math.round(session.edgeBandMs * 1e6),
    taps: stopped.map(({ tap }) => tap),
    timeline: inOrder(session.timeline),
    macTables: session.macTables,
    switchDrops,
    audit: [...facts, ...replicatorFacts],
    skips: session.skips,
    stacks: [...session.stacks].sort(),
    ...(session.activeLeg === null ? {} : { activeLeg: session.activeLeg }),
    ...(session.hostMacs === null ? {} : { hostMacs: [...session.hostMacs].sort() }),
    ...(session.skipped === null ? {} : { skipped: session.skipped }),
    blocked:
      session.blocked ??
      unrepaired ??
      (broken === null ? path : `the replicator ${session.replicator.name} does not run: ${broken}`),
    environment: session.environment,
    phases: stopwatch.phases(),
  };
  writeEvidence(folder, manifest, session.probes, session.histories);
}
