import { setTimeout as wait } from 'node:timers/promises';
import { slowChanges } from '../dataplane/changes.js';
import type { Plane } from '../dataplane/plane.js';
import { DURATIONS } from '../durations.js';
import { patience } from '../lab/patience.js';
import type { Nanoseconds, TimelineChange } from '../evidence/types.js';
import type { Fault, Rhythm } from '../fault/fault.js';
import type { Profile } from '../profile/types.js';
import type { RestartableReplicator } from '../replicator/restartable.js';
import { LackError, lacking, need, offer, type Offer } from '../testbed/capability.js';
import type { Applied, Change, Edge } from '../testbed/change.js';
import { unmetNeeds } from '../testbed/needs.js';
import type { Lab } from '../testbed/lab.js';
import { legNamed } from '../topology/legs.js';
import { begun, mended, type Standing } from './noted.js';

/** A fault that is in force until it is repaired. */
export interface FaultInForce {
  readonly fault: Fault;
  readonly leg: string;
  /** Repairs it and waits until the bond has converged. Once, however often it is called. */
  repair(): Promise<Edge>;
}

/** A fault that was made; one with a rhythm is over by then. */
export interface OpenFault extends FaultInForce {
  /** From its beginning until both ends of the leg and, if it reacts at once, the bond had noticed. */
  readonly edge: Edge;
}

/** Makes faults in one lab, one at a time, reports each edge to its window, and undoes what is left. */
export interface FaultBench {
  /**
   * The lack where this lab cannot make it. Throws FaultClash where it cannot be combined with a fault in force on the
   * leg.
   */
  inflict<A extends object>(fault: Fault<A>, leg: string, args?: Partial<A>): Promise<Offer<OpenFault>>;
  /** In the order in which they were made. */
  inForce(): readonly FaultInForce[];
  /** Legs whose carrier no fault has taken. */
  alive(): readonly string[];
  /** Resolves when the bond uses exactly the legs that are not named. */
  readonly bondLeft: (...legs: string[]) => Promise<void>;
  /**
   * Host and leaves now speak LACP at the slow rate: a PDU every 30 s, and 90 s until a silent partner counts as gone.
   */
  readonly slowLacp: () => Promise<void>;
  repairAll(): Promise<void>;
}

/** What a bench tells of its edges to whatever watches the lab meanwhile. */
export interface FaultWindow {
  /**
   * Resolves when what was sent is clear of an edge that begins now; with `streams` also the probes of streams, which
   * may fall into bands.
   */
  leaveBehind(streams: boolean): Promise<void>;
  /**
   * Polls the machines before and after an edge. `counters`: a switch restarts its counters here, so all counters are
   * read, too.
   */
  look(counters: boolean): Promise<void>;
  /** An edge, after it is over. */
  note(changes: readonly TimelineChange[], edge: Edge): void;
  /**
   * A leg has its carrier back, and the bond has not converged yet. The edge's end does not wait for it; the repair
   * does.
   */
  carrierBack(leg: string, sinceNs: Nanoseconds, alive: readonly string[]): Promise<void>;
  /** Resolves when the next probe is clear of an edge that ended now. */
  leaveEdge(): Promise<void>;
}

/** For labs without a watcher. */
export const UNWATCHED: FaultWindow = {
  leaveBehind: () => Promise.resolve(),
  look: () => Promise.resolve(),
  note: () => undefined,
  carrierBack: () => Promise.resolve(),
  leaveEdge: () => Promise.resolve(),
};

/** A fault cannot be made beside one that is in force on the same leg: they would undo each other's change. */
export class FaultClash extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FaultClash';
  }
}

export interface FaultBenchOptions {
  readonly lab: Lab;
  readonly plane: Plane;
  readonly replicator: RestartableReplicator;
  readonly profile: Pick<Profile, 'sendsToLacpDeadLeg'>;
  readonly window: FaultWindow;
}

interface Inflicted extends Standing, FaultInForce {
  readonly applied: Applied;
}

/** A restarted switch starts counting from 0; elsewhere the count goes on. */
function restartsSwitch({ fault, site }: Standing): boolean {
  const { begin, end } = fault.effects(site);
  return [...begin, ...end].some((effect) => effect.type === 'daemon');
}

/** A plan that needs what nobody may do there is a lack, as one that says so itself. */
async function orLack(plan: () => ReturnType<Fault['plan']>): Promise<Offer<Change>> {
  try {
    return await plan();
  } catch (error) {
    const [lack] = error instanceof LackError ? error.lacks : [];
    if (lack === undefined) throw error;
    return lacking(lack);
  }
}

export function createFaultBench({ lab, plane, replicator, profile, window }: FaultBenchOptions): FaultBench {
  const inForce: Inflicted[] = [];
  let patienceMs: number = patience(lab.node(plane.node), DURATIONS.lacpNegotiation);
  const legs = lab.topology.legs.map((leg) => leg.name);
  const takesCarrier = ({ bond }: Fault) => bond === 'reacts at once';
  const alive = () => legs.filter((leg) => !inForce.some((one) => takesCarrier(one.fault) && one.leg === leg));
  const converge = async (withinMs = patienceMs) => {
    // Do not wait here after an LACP fault: the bond changes for seconds. And without any live leg it never converges.
    const changes = inForce.some(({ fault }) => fault.bond === 'reacts by LACP' || fault.bond === 'splits');
    if (alive().length > 0 && !changes) await plane.converged(alive(), withinMs);
  };
  /** The system under test says itself when it is ready; that is believed, but the wait has a limit. */
  const replicatorReady = () => {
    const late = new AbortController();
    return Promise.race([replicator.settled(), wait(DURATIONS.recovery, undefined, { signal: late.signal })])
      .finally(() => late.abort())
      .catch(() => undefined);
  };

  /** A replicator that may follow the bond cannot know sooner than the bond, so its time counts from there. */
  const followed = (withinMs?: number) =>
    profile.sendsToLacpDeadLeg === true
      ? Promise.all([converge(withinMs), replicatorReady()])
      : converge(withinMs).then(replicatorReady);

  function refuseClash(fault: Fault, leg: string): void {
    const other = inForce.find(
      (one) => one.leg === leg && (one.fault.name === fault.name || (takesCarrier(one.fault) && takesCarrier(fault))),
    );
    if (other !== undefined)
      throw new FaultClash(
        `${other.fault.name} is in force on ${leg}; "${other.fault.undoName}" comes before "${fault.name}"`,
      );
  }

  /** From here on it is in force: the lab holds its undo. */
  async function begin(standing: Standing, change: Change): Promise<Inflicted> {
    const applied = await lab.apply(change);
    let repaired: Promise<Edge> | null = null;
    const one: Inflicted = {
      ...standing,
      leg: standing.site.leg.name,
      applied,
      repair: () =>
        (repaired ??= repair(one).catch((error: unknown) => {
          // What could not be undone is tried again on the next call.
          if (inForce.includes(one)) repaired = null;
          throw error;
        })),
    };
    inForce.push(one);
    return one;
  }

  async function undo(one: Inflicted): Promise<Edge> {
    const edge = await one.applied.undo();
    inForce.splice(inForce.indexOf(one), 1);
    return edge;
  }

  async function repair(one: Inflicted): Promise<Edge> {
    const { fault, leg } = one;
    // The probes that a stream sent during the fault are what the fault is about.
    await window.leaveBehind(true);
    await window.look(restartsSwitch(one));
    const { fromNs, toNs: madeGood } = await undo(one);
    // The edge ends when the bond is ready and the replicator says that it is, not when copies come again: that would
    // excuse a replicator for serving the leg late.
    const measured = takesCarrier(fault) ? window.carrierBack(leg, fromNs, alive()) : Promise.resolve();
    // Thrown where it is awaited; a bond that does not converge is reported first.
    measured.catch(() => undefined);
    await followed();
    const edge = { fromNs, toNs: fault.waitsFor === 'nothing' ? madeGood : await lab.now() };
    window.note(mended(one, inForce), edge);
    await window.look(restartsSwitch(one));
    await measured;
    await window.leaveEdge();
    return edge;
  }

  /** Each of its edges is recorded as it happens; the last one is a repair like every other. */
  async function inRhythm(standing: Standing, change: Change, { times, periodMs }: Rhythm): Promise<Offer<OpenFault>> {
    if (!(times >= 1 && periodMs > 0)) throw new RangeError(`${standing.fault.name} needs a time and a period above 0`);
    const start = performance.now();
    const pace = (half: number) => wait(Math.max(0, start + (half * periodMs) / 2 - performance.now()));
    const unfinished: { readonly changes: readonly TimelineChange[]; readonly fromNs: Nanoseconds }[] = [];
    /** An edge is over when bond and replicator have followed, and at the latest when the next one begins. */
    const note = async (changes: readonly TimelineChange[], fromNs: Nanoseconds, next: Promise<void>) => {
      const isOver = await Promise.race([followed(periodMs / 2).then(() => true), next.then(() => false)]).catch(
        () => false,
      );
      if (isOver) window.note(changes, { fromNs, toNs: await lab.now() });
      else unfinished.push({ changes, fromNs });
      await next;
    };
    const finish = (toNs: Nanoseconds) => {
      for (const { changes, fromNs } of unfinished.splice(0)) window.note(changes, { fromNs, toNs });
    };
    let first: Nanoseconds | null = null;
    for (let n = 0; ; n++) {
      await pace(2 * n);
      const one = await begin(standing, change);
      const { fromNs } = one.applied.edge;
      first ??= fromNs;
      finish(fromNs);
      await note(begun(one), fromNs, pace(2 * n + 1));
      if (n + 1 === times) {
        const last = await one.repair();
        finish(last.fromNs);
        return offer({ ...one, edge: { fromNs: first, toNs: last.toNs } });
      }
      const edge = await undo(one);
      finish(edge.fromNs);
      await note(mended(one, inForce), edge.fromNs, pace(2 * n + 2));
    }
  }

  return {
    async inflict(fault, leg, args = {}) {
      refuseClash(fault, leg);
      const standing: Standing = {
        fault,
        site: { lab, plane, leg: legNamed(lab.topology, leg), replicator },
      };
      const told = { ...fault.defaults, ...args };
      const [lack] = await unmetNeeds(lab, fault.needs ?? []);
      if (lack !== undefined) return lacking(lack);
      const planned = await orLack(() => fault.plan(standing.site, told));
      if (!planned.ok) return planned;
      await window.leaveBehind(false);
      await window.look(restartsSwitch(standing));
      const rhythm = fault.rhythm?.(told);
      if (rhythm !== undefined) return inRhythm(standing, planned.use, rhythm);
      const one = await begin(standing, planned.use);
      if (fault.bond === 'reacts by LACP') patienceMs = Math.max(patienceMs, DURATIONS.lacpSlowPeriod);
      // Until the replicator has heard of it, it may still hand frames to the dead leg.
      if (takesCarrier(fault)) await followed();
      const edge = { fromNs: one.applied.edge.fromNs, toNs: await lab.now() };
      window.note(begun(one), edge);
      await window.look(restartsSwitch(one));
      await window.leaveEdge();
      return offer({ ...one, edge });
    },
    inForce: () => [...inForce],
    alive,
    async bondLeft(...left) {
      await plane.converged(
        legs.filter((leg) => !left.includes(leg)),
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
      // What came last goes first. One that cannot be undone must not block the others.
      const failures: unknown[] = [];
      for (const one of [...inForce].reverse()) await one.repair().catch((error: unknown) => failures.push(error));
      if (failures.length > 0)
        throw new AggregateError(failures, `${failures.length} faults could not be repaired: ${String(failures[0])}`);
    },
  };
}
