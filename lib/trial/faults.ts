import { setTimeout as wait } from 'node:timers/promises';
import type { HostSwitch } from '../dataplane/types.js';
import { DURATIONS } from '../durations.js';
import type { Nanoseconds, SkipEntry, TimelineEvent } from '../evidence/types.js';
import { flapping } from '../fault/flap.js';
import { faultNamed } from '../fault/find.js';
import type { Edge, FaultArguments, FaultSite, FaultVerb } from '../fault/types.js';
import type { Profile } from '../profile/types.js';
import type { RestartableReplicator } from '../replicator/restartable.js';
import type { Lab } from '../testbed/types.js';
import { legNamed } from '../topology/legs.js';
import { until } from '../until.js';

/** A fault that is in force until it is repaired, at the latest when its experiment closes. */
export interface OpenFault {
  readonly verb: FaultVerb;
  readonly leg: string;
  readonly edge: Edge;
  /** Makes it good again and waits until the bond has settled. Once. */
  repair(): Promise<Edge>;
}

/** Makes faults on one lab, writes each edge into the timeline, and takes back what was left. */
export interface FaultBench {
  /** null when this machine cannot make it; the experiment's skips then say why. */
  inflict(name: string, leg: string, args?: FaultArguments): Promise<OpenFault | null>;
  /** Cuts and restores a leg again and again; ends with the cable in and the bond settled. */
  flap(leg: string, args: FaultArguments): Promise<void>;
  /** Resolves when the bond uses exactly the legs that are not named. */
  bondLeft(legs: readonly string[]): Promise<void>;
  /** From now on LACP is slow, and so is the bond: it takes 90 s to leave a leg whose partner is silent. */
  slowLacp(): Promise<void>;
  /** Resolves when the recorder has seen that the legs have different LACP partners. */
  partnersDiffer(): Promise<void>;
  repairAll(): Promise<void>;
}

export interface FaultContext {
  readonly lab: Lab;
  readonly host: HostSwitch;
  /** Those that there are. */
  readonly faults: readonly FaultVerb[];
  readonly replicator: RestartableReplicator | null;
  readonly timeline: TimelineEvent[];
  readonly skips: SkipEntry[];
  readonly edgeBandMs: number;
  readonly profile: Pick<Profile, 'sendsToLacpDeadLeg'>;
  /** When the last probe was sent that must not fall into a band, on the clock of `performance`; those of a stream may. */
  readonly lastSentMs: () => number;
  /** When the last probe of a stream was sent. */
  readonly lastStreamedMs: () => number;
  /** Resolves when what the bond's members are now is in the timeline. */
  readonly lookAtMembers: () => Promise<void>;
  /** Resolves when how often MACs have moved so far is in the evidence; soon, also where a switch is down. */
  readonly lookAtMoves: () => Promise<void>;
  /** Called when a leg has its carrier back, before the bond has settled. The edge's end does not wait for it; the repair does. */
  readonly onCarrierBack: (leg: string, sinceNs: Nanoseconds, alive: readonly string[]) => Promise<void>;
}

interface Inflicted {
  readonly verb: FaultVerb;
  readonly site: FaultSite;
}

export function createFaultBench(context: FaultContext): FaultBench {
  const { lab, host, replicator, timeline } = context;
  const open: Inflicted[] = [];
  const siteOf = (name: string): FaultSite => ({ lab, host, leg: legNamed(lab.topology, name), replicator });
  /** Leaves time for an edge's don't-care band to pass, so that the next probe is judged. */
  const clearOfBand = () => wait(context.edgeBandMs + DURATIONS.poll);
  /** Lets what was sent before an edge be clear of its band. */
  const leaveBehind = async (sentMs: number) => {
    await wait(Math.max(0, sentMs + context.edgeBandMs + DURATIONS.poll - performance.now()));
    // What the bond will do lies after this look, and so after what was sent.
    await context.lookAtMembers();
  };
  /** Legs whose carrier no open fault has taken. */
  const alive = () =>
    lab.topology.legs
      .map((leg) => leg.name)
      .filter((leg) => !open.some((one) => one.verb.bondLeaves === 'at once' && one.site.leg.name === leg));
  let patienceMs: number = DURATIONS.lacpNegotiation;
  const settle = async () => {
    const legs = alive();
    // A bond that LACP has left or will leave is in motion for seconds, and one without any leg has nothing to settle to.
    if (
      legs.length > 0 &&
      !open.some((one) => one.verb.bondLeaves === 'after the LACP timeout' || one.verb.name === 'splitSystemId')
    )
      await host.settled(legs, patienceMs);
  };
  /** The thing under test says itself when it is ready; that is believed, but not waited for without an end. */
  const replicatorSettled = () => {
    const late = new AbortController();
    return Promise.race([replicator?.settled(), wait(DURATIONS.recovery, undefined, { signal: late.signal })])
      .finally(() => late.abort())
      .catch(() => undefined);
  };
  const note = (changes: readonly Parameters<typeof asEvent>[0][], fromNs: Nanoseconds, toNs: Nanoseconds) =>
    timeline.push(...changes.map((change) => asEvent(change, fromNs, toNs)));

  /** A switch that is started anew counts anew: what it has counted until then is asked while it can be. Elsewhere the count goes on. */
  const noteMoves = async (verb: FaultVerb, site: FaultSite) => {
    const { begin, end } = verb.changes(site);
    if ([...begin, ...end].some((change) => change.type === 'daemon')) await context.lookAtMoves();
  };

  async function repair(one: Inflicted): Promise<Edge> {
    const at = open.indexOf(one);
    const { verb, site } = one;
    // What a stream has sent while the fault was in force is what the fault is about.
    await leaveBehind(Math.max(context.lastSentMs(), context.lastStreamedMs()));
    await noteMoves(verb, site);
    const { fromNs, toNs: madeGood } = await verb.end(site);
    if (at >= 0) open.splice(at, 1);
    // The edge ends when the bond and, by its own word, the replicator are ready, and not when copies come again: who serves the leg late would
    // be excused for just as long.
    const measured =
      verb.bondLeaves === 'at once' ? context.onCarrierBack(site.leg.name, fromNs, alive()) : Promise.resolve();
    // Thrown where it is waited for; a bond that does not settle is told of first.
    measured.catch(() => undefined);
    // Who may follow the bond cannot know sooner than the bond, so his time counts from there.
    await (context.profile.sendsToLacpDeadLeg === true
      ? Promise.all([settle(), replicatorSettled()])
      : settle().then(replicatorSettled));
    const toNs =
      verb.bondLeaves === 'never' && verb.name !== 'restartSwitch' && verb.name !== 'killReplicator'
        ? madeGood
        : await lab.now();
    note(verb.changes(site).end, fromNs, toNs);
    await context.lookAtMembers();
    await noteMoves(verb, site);
    await measured;
    await clearOfBand();
    return { fromNs, toNs };
  }

  return {
    async inflict(name, leg, args = {}) {
      const verb = faultNamed(name, context.faults);
      const site = siteOf(leg);
      const lacking = (await verb.lacking?.(site)) ?? null;
      if (lacking !== null) {
        context.skips.push(lacking);
        return null;
      }
      await leaveBehind(context.lastSentMs());
      await noteMoves(verb, site);
      const one: Inflicted = { verb, site };
      // Registered before it is done: what breaks half-way is taken back as well.
      open.push(one);
      const made = await verb.begin(site, args);
      if (verb.bondLeaves === 'after the LACP timeout') patienceMs = Math.max(patienceMs, DURATIONS.lacpSlowPeriod);
      if (verb.bondLeaves === 'at once') await settle();
      const edge = { fromNs: made.fromNs, toNs: await lab.now() };
      note(verb.changes(site).begin, edge.fromNs, edge.toNs);
      await context.lookAtMembers();
      await noteMoves(verb, site);
      await clearOfBand();
      let repaired: Promise<Edge> | null = null;
      return { verb, leg, edge, repair: () => (repaired ??= repair(one)) };
    },
    async flap(leg, args) {
      const site = siteOf(leg);
      const verb = faultNamed('flap', context.faults);
      const one: Inflicted = { verb, site };
      await leaveBehind(context.lastSentMs());
      open.push(one);
      let last: TimelineEvent | null = null;
      await flapping(site, args, (state, at) => {
        last = { type: 'leg', leg, state, verb: 'flap', ...at };
        timeline.push(last);
      });
      open.splice(open.indexOf(one), 1);
      const settled = timeline.indexOf(last as unknown as TimelineEvent);
      await settle();
      const event = timeline[settled];
      // The last edge is over when the bond uses the leg again.
      if (event !== undefined) timeline[settled] = { ...event, toNs: await lab.now() };
      await context.lookAtMembers();
      await clearOfBand();
    },
    async bondLeft(legs) {
      await host.settled(
        lab.topology.legs.map((leg) => leg.name).filter((leg) => !legs.includes(leg)),
        patienceMs,
      );
      await context.lookAtMembers();
      await clearOfBand();
    },
    async slowLacp() {
      patienceMs = DURATIONS.lacpSlowTimeout;
      await host.slowLacp();
    },
    async partnersDiffer() {
      const heard = () =>
        new Map(
          timeline.flatMap((event) =>
            event.type === 'observed' && event.what === 'partner' ? [[event.leg, event.state]] : [],
          ),
        );
      await until(
        'the host to hear different partners',
        DURATIONS.lacpNegotiation,
        () => Promise.resolve(new Set(heard().values()).size > 1 ? true : null),
        () => [...heard()].join('; '),
      );
      await clearOfBand();
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

function asEvent(
  change: ReturnType<FaultVerb['changes']>['begin'][number],
  fromNs: Nanoseconds,
  toNs: Nanoseconds,
): TimelineEvent {
  return { ...change, fromNs, toNs };
}
