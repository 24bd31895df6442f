import { setTimeout as wait } from 'node:timers/promises';
import type { ArmedTap } from '../capture/armed.js';
import { pathFence } from '../capture/pathFence.js';
import { fdbMovesOf, fdbOf } from '../dataplane/tables.js';
import { planeName } from '../dataplane/traits.js';
import { DURATIONS } from '../durations.js';
import type { AuditFact, EvidenceManifest, Nanoseconds, Probe, Tap } from '../evidence/types.js';
import { writeEvidence } from '../evidence/write.js';
import { inOrder } from '../judge/rules/liveness.js';
import { whileAsking } from '../stimulus/asking.js';
import { flowPathsOf } from '../stimulus/flowPath.js';
import { witnessedProbes } from '../stimulus/witnessed.js';
import { nicFacts } from '../lab/nics.js';
import { queueFacts } from '../lab/queues.js';
import { senderNamed, sendersOf } from '../topology/senders.js';
import { clocksOf } from './clocks.js';
import type { FaultBench } from './faultBench.js';
import { macsOf } from './hostMacs.js';
import { awaitLateCopies } from './lateCopies.js';
import type { Window } from './window.js';
import { captureChunks } from '../evidence/read.js';

/** Sends fences after the probes of each sender that spoke; null when all came out, else the reason to block. */
async function pathFences({ lab, salt, nextControlId, taps, used }: Window): Promise<string | null> {
  // Where nothing can be sent, a capture that hears nobody at the end is not believed.
  if (lab.askers !== undefined) return null;
  const leaves = taps.filter((tap) => tap.spec.role === 'leaf');
  const lost = await Promise.all(
    [...used].map(async (name) => {
      const [flowPath] = flowPathsOf(lab.topology, senderNamed(lab.topology, name));
      return flowPath !== undefined && (await pathFence(lab, flowPath, leaves, salt, nextControlId)) ? null : name;
    }),
  );
  const names = lost.filter((name) => name !== null);
  return names.length === 0
    ? null
    : `the fences after the probes of ${names.join(', ')} came out at no leaf: the data path does not carry plain frames`;
}

const isWitness = ({ role, direction }: Pick<Tap, 'role' | 'direction'>): boolean =>
  role === 'sender' && direction === 'out';

/** Witnesses end last: then each frame in a leaf's capture was seen leaving by its witness. */
async function stopTaps(taps: readonly ArmedTap[]): Promise<readonly Tap[]> {
  const ended = new Map<ArmedTap, Tap>();
  const stop = (some: readonly ArmedTap[]) => Promise.all(some.map(async (tap) => ended.set(tap, await tap.stop())));
  await stop(taps.filter(({ spec }) => !isWitness(spec)));
  await stop(taps.filter(({ spec }) => isWitness(spec)));
  return taps.flatMap((tap) => ended.get(tap) ?? []);
}

/** What was lost on the way to captures of leaves, where their vantages have counters. */
function vantageLossesOf(taps: readonly ArmedTap[]): Pick<EvidenceManifest, 'vantageLosses'> {
  const losses: Record<string, number | null> = {};
  for (const tap of taps) {
    const [lost, { role, node }] = [tap.lost(), tap.spec];
    if (role !== 'leaf' || lost === null) continue;
    const before = losses[node] === undefined ? 0 : losses[node];
    losses[node] = before === null || lost.frames === null ? null : before + lost.frames;
  }
  return Object.keys(losses).length === 0 ? {} : { vantageLosses: losses };
}

/** The configuration of the second host; nothing where there is none. */
async function factsOfSecond({ secondHost }: Window): Promise<readonly AuditFact[]> {
  if (secondHost === undefined) return [];
  const { plane, installed } = secondHost;
  const facts = await Promise.all([plane.audit(), installed.audit()]);
  return facts.flat().map((fact) => ({ ...fact, name: `${plane.node}: ${fact.name}` }));
}

/** What the senders' own stacks sent until `toNs`, from their witnesses. */
function witnessed(
  { lab, plane, folder, salt, nextId, openNs }: Window,
  stopped: readonly Tap[],
  toNs: Nanoseconds,
): readonly Probe[] {
  return stopped.filter(isWitness).flatMap((tap) => {
    const [flowPath] = flowPathsOf(lab.topology, senderNamed(lab.topology, tap.node));
    return witnessedProbes(captureChunks({ folder }, tap), {
      sender: tap.node,
      group: 'stack',
      salt,
      wireTags: flowPath?.wireTags ?? [],
      nextId,
      fromNs: BigInt(openNs),
      toNs: BigInt(toNs),
      others: new Set(
        sendersOf(lab.topology).flatMap(({ node, mac }) => (node === tap.node ? [] : [mac.replaceAll(':', '')])),
      ),
      tunnels: plane.traits.tunnels === true,
    });
  });
}

/**
 * Repairs what was broken, proves at the end of the window that path and captures are still alive, and writes the
 * evidence.
 */
export async function closeWindow(window: Window, faults: FaultBench): Promise<void> {
  const { lab, plane, stopwatch, folder, openNs } = window;
  const unrepaired = await stopwatch.time('faults repaired', () =>
    faults.repairAll().then(
      () => null,
      (error: unknown) => String(error),
    ),
  );
  await window.recorder?.[Symbol.asyncDispose]();
  const path = await stopwatch.time('path fences', () => pathFences(window));
  const nowNs = await lab.now();
  const lingerMs = window.lingers === true ? window.lastSentMs + DURATIONS.lateCopy - performance.now() : 0;
  const late = () =>
    awaitLateCopies({
      ...window,
      profile: window.replicator.profile,
      topology: lab.topology,
      movesFlows: plane.traits.movesFlows === true,
      nowNs,
    });
  const [entries, moves, facts, ports, replicatorFacts, secondFacts] = await stopwatch.time('late band', () =>
    Promise.all([
      fdbOf(plane),
      fdbMovesOf(plane),
      plane.audit(),
      Promise.all([queueFacts(lab), nicFacts(lab)]),
      window.installed.audit(),
      factsOfSecond(window),
      wait(Math.max(window.lateBandMs, lingerMs)),
      window.awaitLate === true ? late() : null,
    ]),
  );
  window.macTables.push({ atNs: await lab.now(), entries, moves });
  const [switchDrops, cpuWaits] = await Promise.all([window.switchDrops(), window.cpuWaits()]);
  const closeNs = await lab.now();
  await stopwatch.time('fences', () => whileAsking(lab, Promise.all(window.taps.map((tap) => tap.fence()))));
  const { taps, clocks } = await stopwatch.time('captures stop', async () => ({
    taps: await stopTaps(window.taps),
    clocks: await clocksOf(lab),
  }));
  window.probes.push(...witnessed(window, taps, nowNs));
  const broken = window.installed.broken() ?? window.secondHost?.installed.broken() ?? null;
  // A restarted program may have new interfaces.
  if (window.hostMacs !== null)
    for (const mac of await macsOf(lab.node(lab.topology.host.node))) window.hostMacs.add(mac);
  const manifest: EvidenceManifest = {
    schema: 1,
    scenario: window.scenario,
    intent: window.intent,
    testbed: window.testbed,
    dataplane: planeName(plane.traits),
    plane: plane.traits,
    replicator: window.replicator.name,
    topology: lab.topology,
    profile: window.replicator.profile,
    salt: window.salt,
    window: { openNs, closeNs },
    lateBandNs: Math.round(Math.min(Math.max(window.lateBandMs, DURATIONS.lateFloor), DURATIONS.lateCeiling) * 1e6),
    edgeBandNs: Math.round(window.edgeBandMs * 1e6),
    taps,
    timeline: inOrder(window.timeline),
    macTables: window.macTables,
    switchDrops,
    ...(cpuWaits.length === 0 ? {} : { cpuWaits }),
    ...(clocks.length === 0 ? {} : { clocks }),
    ...(lab.vantages === undefined ? {} : { vantages: lab.vantages }),
    ...vantageLossesOf(window.taps),
    audit: [...facts, ...ports.flat(), ...replicatorFacts, ...secondFacts],
    skips: [...window.skips, ...window.taps.flatMap((tap) => tap.lost()?.unread ?? [])],
    // What machines say that are as they were found is nobody's doing here.
    ...(lab.isAsFound === true ? {} : { stacks: [...window.stacks].sort() }),
    ...(window.movesIn === true && window.absent !== undefined ? { movedIn: [...window.absent.keys()] } : {}),
    ...(window.activeLeg === null ? {} : { activeLeg: window.activeLeg }),
    ...(window.hostMacs === null ? {} : { hostMacs: [...window.hostMacs].sort() }),
    ...(window.skipped === null ? {} : { skipped: window.skipped }),
    blocked:
      window.blocked ??
      unrepaired ??
      (broken === null ? path : `the replicator ${window.replicator.name} does not run: ${broken}`),
    environment: window.environment,
    phases: stopwatch.phases(),
  };
  writeEvidence(folder, manifest, window.probes, window.histories);
}
