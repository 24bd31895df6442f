import { setTimeout as wait } from 'node:timers/promises';
import { slowChanges } from '../dataplane/changes.js';
import type { Plane } from '../dataplane/plane.js';
import { DURATIONS } from '../durations.js';
import type { Nanoseconds, SkipEntry, TimelineChange } from '../evidence/types.js';
import { flapping } from '../fault/flap.js';
import { faultNamed } from '../fault/find.js';
import type { Edge, FaultArguments, FaultSite, FaultVerb } from '../fault/types.js';
import type { Profile } from '../profile/types.js';
import type { RestartableReplicator } from '../replicator/restartable.js';
import { need } from '../testbed/capability.js';
import type { Lab } from '../testbed/types.js';
import { legNamed } from '../topology/legs.js';

/** A fault that is in force until it is repaired, at the latest when its trial closes. */
export interface OpenFault {
  readonly verb: FaultVerb;
  readonly leg: string;
  readonly edge: Edge;
  /** Makes it good again and waits until the bond has converged. Once. */
  repair(): Promise<Edge>;
}

/** Makes faults on one lab, tells its window of each edge, and takes back what was left. */
export interface FaultBench {
  /** The lack when this machine cannot make it. */
  inflict(name: string, leg: string, args?: FaultArguments): Promise<OpenFault | SkipEntry>;
  /** Cuts and restores a leg again and again; ends with the cable in and the bond converged. */
  readonly flap: (leg: string, args: FaultArguments) => Promise<void>;
  /** Resolves when the bond uses exactly the legs that are not named. */
  readonly bondLeft: (...legs: string[]) => Promise<void>;
  /** From now on LACP is slow, and so is the bond: it takes 90 s to leave a leg whose partner is silent. */
  readonly slowLacp: () => Promise<void>;
  repairAll(): Promise<void>;
}

/** What a bench tells of its edges to whatever watches the lab meanwhile. */
export interface FaultWindow {
  /** Resolves when what was sent lies clear of an edge that begins now; with `streams` also the probes of streams, which may fall into bands. */
  leaveBehind(streams: boolean): Promise<void>;
  /** Looks at the machines before and after an edge. `counters`: a switch counts anew from here on, so what all have counted is asked, too. */
  look(counters: boolean): Promise<void>;
  /** An edge, when it is over. */
  note(changes: readonly TimelineChange[], edge: Edge): void;
  /** A leg has its carrier back, and the bond has not converged yet. The edge's end does not wait for it; the repair does. */
  carrierBack(leg: string, sinceNs: Nanoseconds, alive: readonly string[]): Promise<void>;
  /** Resolves when the next probe is clear of an edge that ended now. */
  leaveEdge(): Promise<void>;
}

export interface FaultBenchOptions {
  readonly lab: Lab;
  readonly plane: Plane;
  readonly replicator: RestartableReplicator;
  /** Those that there are. */
  readonly faults: readonly FaultVerb[];
  readonly profile: Pick<Profile, 'sendsToLacpDeadLeg'>;
  readonly window: FaultWindow;
}

interface Inflicted {
  readonly verb: FaultVerb;
  readonly site: FaultSite;
}

export function createFaultBench({ lab, plane, replicator, faults, profile, window }: FaultBenchOptions): FaultBench {
  const open: Inflicted[] = [];
  const siteOf = (name: string): FaultSite => ({ lab, plane, leg: legNamed(lab.topology, name), replicator });
  /** Legs whose carrier no open fault has taken. */
  const alive = () =>
    lab.topology.legs
      .map((leg) => leg.name)
      .filter((leg) => !open.some((one) => one.verb.bondLeaves === 'at once' && one.site.leg.name === leg));
  let patienceMs: number = DURATIONS.lacpNegotiation;
  const converge = async () => {
    const legs = alive();
    // Do not wait here after an LACP fault: the bond changes for seconds. And without any live leg it never converges.
    if (
      legs.length > 0 &&
      !open.some((one) => one.verb.bondLeaves === 'after the LACP timeout' || one.verb.name === 'splitSystemId')
    )
      await plane.converged(legs, patienceMs);
  };
  /** The thing under test says itself when it is ready; that is believed, but not waited for without an end. */
  const replicatorReady = () => {
    const late = new AbortController();
    return Promise.race([replicator.settled(), wait(DURATIONS.recovery, undefined, { signal: late.signal })])
      .finally(() => late.abort())
      .catch(() => undefined);
  };
  /** A switch that is started anew counts anew; elsewhere the count goes on. */
  const restartsSwitch = ({ verb, site }: Inflicted) => {
    const { begin, end } = verb.changes(site);
    return [...begin, ...end].some((change) => change.type === 'daemon');
  };

  async function repair(one: Inflicted): Promise<Edge> {
    const at = open.indexOf(one);
    const { verb, site } = one;
    // What a stream has sent while the fault was in force is what the fault is about.
    await window.leaveBehind(true);
    await window.look(restartsSwitch(one));
    const { fromNs, toNs: madeGood } = await verb.end(site);
    if (at >= 0) open.splice(at, 1);
    // The edge ends when the bond and, by its own word, the replicator are ready, and not when copies come again: a replicator that serves the
    // leg late would be excused for just as long.
    const measured =
      verb.bondLeaves === 'at once' ? window.carrierBack(site.leg.name, fromNs, alive()) : Promise.resolve();
    // Thrown where it is waited for; a bond that does not converge is told of first.
    measured.catch(() => undefined);
    // A replicator that may follow the bond cannot know sooner than the bond, so its time counts from there.
    await (profile.sendsToLacpDeadLeg === true
      ? Promise.all([converge(), replicatorReady()])
      : converge().then(replicatorReady));
    const toNs =
      verb.bondLeaves === 'never' && verb.name !== 'restartSwitch' && verb.name !== 'killReplicator'
        ? madeGood
        : await lab.now();
    window.note(verb.changes(site).end, { fromNs, toNs });
    await window.look(restartsSwitch(one));
    await measured;
    await window.leaveEdge();
    return { fromNs, toNs };
  }

  return {
    async inflict(name, leg, args = {}) {
      const verb = faultNamed(name, faults);
      const site = siteOf(leg);
      const lacking = (await verb.lacking?.(site)) ?? null;
      if (lacking !== null) return lacking;
      const one: Inflicted = { verb, site };
      await window.leaveBehind(false);
      await window.look(restartsSwitch(one));
      // Registered before it is done: what breaks half-way is taken back as well.
      open.push(one);
      const made = await verb.begin(site, args);
      if (verb.bondLeaves === 'after the LACP timeout') patienceMs = Math.max(patienceMs, DURATIONS.lacpSlowPeriod);
      if (verb.bondLeaves === 'at once') await converge();
      const edge = { fromNs: made.fromNs, toNs: await lab.now() };
      window.note(verb.changes(site).begin, edge);
      await window.look(restartsSwitch(one));
      await window.leaveEdge();
      let repaired: Promise<Edge> | null = null;
      return { verb, leg, edge, repair: () => (repaired ??= repair(one)) };
    },
    async flap(leg, args) {
      const site = siteOf(leg);
      const verb = faultNamed('flap', faults);
      const one: Inflicted = { verb, site };
      await window.leaveBehind(false);
      await window.look(false);
      open.push(one);
      const edges: { readonly change: TimelineChange; readonly at: Edge }[] = [];
      await flapping(site, args, (state, at) => {
        edges.push({ change: { type: 'leg', leg, state, verb: 'flap' }, at });
      });
      open.splice(open.indexOf(one), 1);
      await converge();
      const toNs = await lab.now();
      // The last edge is over when the bond uses the leg again.
      for (const [n, { change, at }] of edges.entries())
        window.note([change], n === edges.length - 1 ? { ...at, toNs } : at);
      await window.look(false);
      await window.leaveEdge();
    },
    async bondLeft(...legs) {
      await plane.converged(
        lab.topology.legs.map((leg) => leg.name).filter((leg) => !legs.includes(leg)),
        patienceMs,
      );
      await window.look(false);
      await window.leaveEdge();
    },
    async slowLacp() {
      patienceMs = DURATIONS.lacpSlowTimeout;
      await Promise.all(need(slowChanges(plane)).map((change) => lab.apply(change)));
    },
    async repairAll() {
      // The last that came is the first that goes. One that cannot be taken back must not keep the others.
      const failures: unknown[] = [];
      for (const one of [...open].reverse()) await repair(one).catch((error: unknown) => failures.push(error));
      if (failures.length > 0)
        throw new AggregateError(failures, `${failures.length} faults could not be repaired: ${String(failures[0])}`);
    },
  };
}
