import { switchesOf } from '../dataplane/tables.js';
import { replicatorNamed } from '../replicator/find.js';
import { installRestartable } from '../replicator/restartable.js';
import { dataPlaneNamed, testbedNamed } from '../registries.js';
import { importModule } from '../run/importModule.js';
import { loadWorkspace } from '../run/loadConfig.js';
import { loadTopology } from '../run/loadTopology.js';
import { createFaultBench, UNWATCHED } from '../trial/faultBench.js';
import { orNear } from '../topology/suggest.js';
import { UserError } from '../userError.js';
import { breakLeg } from './breakLeg.js';
import { ownIdentity } from './identity.js';
import { prepareShell } from './nodeShell.js';
import type { BreakResult, LabDaemonOrder, LegState, StandingStatus } from './protocol.js';

/** A lab with its switches and its replicator, for people to look into. */
export interface StandingLab extends AsyncDisposable {
  status(): StandingStatus;
  entry(node: string, argv: readonly string[], folder: string): readonly string[];
  /** One after the other, in the order of the calls. */
  break(leg: string, verb: string): Promise<BreakResult>;
}

/** Brings the lab up. What was begun is taken back when it fails. */
export async function openStandingLab(order: LabDaemonOrder): Promise<StandingLab> {
  const parts: AsyncDisposable[] = [];
  // What came last goes first.
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
  order: LabDaemonOrder,
  keep: (part: AsyncDisposable) => void,
  close: () => Promise<void>,
): Promise<StandingLab> {
  const { registries } = await loadWorkspace(order.configFile, importModule);
  const topology = await loadTopology(order.topologyFile, registries.dataPlanes, {
    ...(order.dataPlane === null ? {} : { kind: order.dataPlane }),
    ...(order.mode === null ? {} : { variant: order.mode }),
  });
  const { kind, variant: mode } = topology.host.plane.traits;
  const replicator = replicatorNamed(order.replicator, registries);
  const testbed = await testbedNamed(order.testbed, registries).open({ binding: null });
  keep(testbed);
  const lab = await testbed.open({ topology });
  keep(lab);
  const plane = await dataPlaneNamed(kind, registries).bringUp(lab, mode);
  const installed = await installRestartable(replicator, { lab, plane });
  keep(installed);
  const aidOf = (name: string) => switchesOf(plane).find(({ node }) => node === name)?.shell ?? null;
  const shells = new Map(
    await Promise.all(lab.nodes.map(async (node) => [node.name, await prepareShell(node, aidOf(node.name))] as const)),
  );
  const bench = createFaultBench({
    lab,
    plane,
    replicator: installed,
    profile: replicator.profile,
    window: UNWATCHED,
  });
  const legs = (): readonly LegState[] =>
    topology.legs.map(({ name, leaf }) => ({ name, leaf, state: bench.alive().includes(name) ? 'up' : 'down' }));
  const names = topology.legs.map((leg) => leg.name);
  const doBreak = async (leg: string, verbName: string): Promise<BreakResult> => {
    if (!names.includes(leg)) throw unknown('leg', leg, names);
    const { name, event } = await breakLeg(bench, registries.faults, leg, verbName);
    return { leg, verb: name, event, legs: legs(), facts: await plane.audit() };
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    status: () => ({
      topology: topology.name,
      mode,
      replicator: replicator.name,
      nodes: lab.nodes.map((node) => node.name),
      legs: legs(),
      daemon: ownIdentity(),
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
  return new UserError(`the lab has no ${what} "${name}"${orNear(name, known)}`, `${what}s: ${known.join(', ')}`);
}
