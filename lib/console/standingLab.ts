import { switchesOf } from '../dataplane/tables.js';
import { DEFAULTS } from '../defaults.js';
import { DURATIONS } from '../durations.js';
import type { FaultVerb } from '../fault/types.js';
import { verbNamed } from '../fault/verbs.js';
import { replicatorNamed } from '../replicator/find.js';
import { installRestartable } from '../replicator/restartable.js';
import { dataPlaneNamed, testbedNamed } from '../registries.js';
import { loadTopology } from '../run/loadTopology.js';
import { withBondMode } from '../topology/bondMode.js';
import { suggest } from '../topology/suggest.js';
import { UserError } from '../userError.js';
import { ownIdentity } from './identity.js';
import { prepareShell } from './nodeShell.js';
import type { BreakResult, KeeperOrder, LegState, StandingStatus } from './protocol.js';

/** A lab with its switches and its replicator, for people to look into. */
export interface StandingLab extends AsyncDisposable {
  status(): StandingStatus;
  entry(node: string, argv: readonly string[], folder: string): readonly string[];
  /** One after the other, in the order of the calls. */
  break(leg: string, verb: string): Promise<BreakResult>;
}

/** Brings the lab up. What was begun is taken back when it fails. */
export async function openStandingLab(order: KeeperOrder): Promise<StandingLab> {
  const parts: AsyncDisposable[] = [];
  // The last that came is the first that goes.
  const close = async () => {
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) await part[Symbol.asyncDispose]();
  };
  try {
    return await raise(order, (part) => void parts.push(part), close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function raise(
  order: KeeperOrder,
  keep: (part: AsyncDisposable) => void,
  close: () => Promise<void>,
): Promise<StandingLab> {
  const read = await loadTopology(order.topologyFile);
  const topology = order.mode === null ? read : withBondMode(read, order.mode);
  const { mode } = topology.host.bond;
  const replicator = replicatorNamed(order.replicator, DEFAULTS);
  const testbed = await testbedNamed('netns', DEFAULTS).open();
  keep(testbed);
  const lab = await testbed.open({ topology });
  keep(lab);
  const plane = await dataPlaneNamed('ovs-bond', DEFAULTS).bringUp(lab, mode);
  const installed = await installRestartable(replicator, { lab, plane });
  keep(installed);
  const aidOf = (name: string) => switchesOf(plane).find(({ node }) => node === name)?.shell ?? null;
  const shells = new Map(
    await Promise.all(lab.nodes.map(async (node) => [node.name, await prepareShell(node, aidOf(node.name))] as const)),
  );
  const down = new Set<string>();
  const inForce = new Map<string, FaultVerb>();
  let patienceMs: number = DURATIONS.lacpNegotiation;
  const legs = (): readonly LegState[] =>
    topology.legs.map(({ name, leaf }) => ({ name, leaf, state: down.has(name) ? 'down' : 'up' }));
  let last: Promise<unknown> = Promise.resolve();
  const doBreak = async (name: string, verbName: string): Promise<BreakResult> => {
    const verb = verbNamed(verbName, DEFAULTS.faults);
    const leg = topology.legs.find((one) => one.name === name);
    if (leg === undefined)
      throw unknown(
        'leg',
        name,
        topology.legs.map((one) => one.name),
      );
    const { fault } = verb;
    await verb.apply({ lab, plane, leg, replicator: installed });
    if (verb.repairs) inForce.delete(`${name} ${fault.name}`);
    else inForce.set(`${name} ${fault.name}`, fault);
    if (verb.leaves === 'down') down.add(name);
    else if (verb.leaves === 'up') down.delete(name);
    const alive = legs().filter((one) => one.state === 'up');
    // A bond that LACP has left or will leave may use fewer legs than have a carrier, and one without any leg has nothing to settle to.
    const isWhole = ![...inForce.values()].some(
      (one) => one.bondLeaves === 'after the LACP timeout' || one.name === 'splitSystemId',
    );
    if (fault.bondLeaves === 'after the LACP timeout') patienceMs = DURATIONS.lacpSlowPeriod;
    if (alive.length > 0 && verb.leaves !== null && isWhole)
      await plane.converged(
        alive.map((one) => one.name),
        patienceMs,
      );
    return { leg: name, verb: verb.name, event: verb.event, legs: legs(), facts: await plane.audit() };
  };
  return {
    status: () => ({
      topology: topology.name,
      mode,
      replicator: replicator.name,
      nodes: lab.nodes.map((node) => node.name),
      legs: legs(),
      keeper: ownIdentity(),
    }),
    entry(node, argv, folder) {
      const shell = shells.get(node);
      if (shell === undefined) throw unknown('node', node, [...shells.keys()]);
      return shell.command(argv, folder);
    },
    break(leg, verb) {
      const mine = last.then(() => doBreak(leg, verb));
      last = mine.catch(() => undefined);
      return mine;
    },
    [Symbol.asyncDispose]: close,
  };
}

function unknown(what: string, name: string, known: readonly string[]): UserError {
  return new UserError(`the lab has no ${what} "${name}"; ${suggest(name, known)}`, `${what}s: ${known.join(', ')}`);
}
