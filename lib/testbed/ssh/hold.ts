import { loadBinding, type BoundTopology } from '../../binding/load.js';
import { sshTargets } from '../../binding/targets.js';
import { holdLease } from '../../lease/holdLease.js';
import { openKeeper } from '../../lease/keeper.js';
import { forgetRun, keepRun } from '../../lease/runRecord.js';
import { stateFolder } from '../../lease/stateFolder.js';
import { readJournal } from '../../repair/journal.js';
import { repair, type RepairOptions, type RepairReport } from '../../repair/repair.js';
import {
  lookAt as lookForSnapshot,
  sayDifference,
  SETTLE_MS,
  settledDifferences,
  type Snapshot,
} from '../../repair/snapshot.js';
import { watchedOf } from '../../repair/watched.js';
import { closeBefore, keepBefore, requireWell } from '../../repair/wellness.js';
import { inventoryCommands, takeInventory, type Said } from '../../inventory/inventory.js';
import { openConnections, type Connections } from '../../ssh/connections.js';
import { run as runFar } from '../../ssh/process.js';
import type { PlaneRules } from '../../topology/planeRules.js';
import { UserError } from '../../userError.js';
import type { Hold, HoldEnd } from '../hold.js';
import { bindingOf } from './bound.js';
import { inspect } from './inspect.js';
import { writePass } from './pass.js';
import { inhabit, requireBuilt } from './testbed.js';

/** EX_UNAVAILABLE of sysexits.h. */
const UNAVAILABLE = 69;

async function snapshotOf({ binding }: BoundTopology, connections: Connections): Promise<Snapshot> {
  const looks = watchedOf(binding).map(
    async (watched) =>
      [watched.machine, await lookForSnapshot(await connections.to(watched.machine), watched)] as const,
  );
  return Object.fromEntries(await Promise.all(looks));
}

/** Programs that are asked take a moment where a CPU is slow, ms. */
const ASK_MS = 30_000;

async function inventoryOf({ binding }: BoundTopology, connections: Connections): Promise<readonly Said[]> {
  const watched = new Map(watchedOf(binding).map((of) => [of.machine, of]));
  const asked = Object.keys(binding.machines).map(async (machine) => {
    const { ports = [], commands = [] } = watched.get(machine) ?? {};
    const connection = await connections.to(machine);
    const { user, sudo } = connection.machine;
    // The user's own commands are asked as they are when they are compared.
    return takeInventory(machine, [...inventoryCommands(ports), ...commands], (argv) =>
      runFar(connection, { argv, asRoot: user === 'root' || sudo }, ASK_MS),
    );
  });
  return (await Promise.all(asked)).flat();
}

const didOf = ({ machines }: RepairReport): readonly string[] =>
  machines.flatMap(({ machine, did }) => did.map((what) => `${machine}: ${what}`));

const leftOf = ({ machines, left }: RepairReport): readonly string[] => [
  ...machines.flatMap((of) => of.left.map((what) => `${of.machine}: ${what}`)),
  ...left,
];

export interface HoldOrder {
  readonly binding: string | null;
  /** What the lease and the journal call this run. */
  readonly run: string;
  /** How long machines may take to be as before, ms. */
  readonly settleMs?: number | undefined;
}

/**
 * Takes the machines of a binding for a run: looks at them, takes their lease, undoes what an earlier run has left, and keeps
 * how they are. Nothing is changed before the lease is ours.
 *
 * @throws SshError, UserError and LeaseError in one sentence, with nothing held then
 */
export async function holdMachines(
  { binding: file, run, settleMs = SETTLE_MS }: HoldOrder,
  planes: readonly PlaneRules[],
): Promise<Hold> {
  const path = bindingOf({ binding: file });
  const bound = await loadBinding(path, planes);
  const { binding, folder } = bound;
  requireBuilt(binding, path);
  const connections = openConnections(sshTargets(binding, { folder, environment: process.env, ask: null }));
  try {
    await inspect(await inhabit(bound, path, connections), { binding, file: path });
    return await holdInspected(bound, path, { connections, run, settleMs });
  } catch (error) {
    await connections[Symbol.asyncDispose]();
    throw error;
  }
}

async function holdInspected(
  bound: BoundTopology,
  path: string,
  { connections, run, settleMs }: Omit<HoldOrder, 'binding'> & { readonly connections: Connections },
): Promise<Hold> {
  const { binding } = bound;
  const state = stateFolder(binding.binding);
  const connectTo = (machine: string) => connections.to(machine);
  const { keeper } = await openKeeper(bound, connectTo);
  const { lease, isByHand } = await holdLease(keeper, state, run);
  // What was taken by hand outlives the run.
  if (!isByHand) keepRun(state, lease);
  const give = async () => {
    if (isByHand) return;
    await lease.give();
    forgetRun(state, lease.token);
  };
  const settling = settleMs === undefined ? {} : { settleMs };
  const mending: RepairOptions = { binding, folder: state, lease, connectTo, ...settling };
  try {
    requireWell(binding.binding, state);
    const found = await repair(mending);
    if (!found.well)
      throw new UserError(
        `what an earlier run left on the machines of ${binding.binding} could not be undone: ${leftOf(found).join('; ')}`,
        `put it right, then: everyleaf repair ${path}`,
        UNAVAILABLE,
      );
    const before = await snapshotOf(bound, connections);
    keepBefore(state, before);
    const { token, holder } = lease;
    return {
      pass: writePass({ token, holder, run }),
      repaired: didOf(found),
      async inventory() {
        // Whoever else has them now may have changed them.
        await lease.renew();
        return inventoryOf(bound, connections);
      },
      async end(): Promise<HoldEnd> {
        try {
          await lease.renew();
          const isLeft = readJournal(state).open.length > 0;
          const report = isLeft ? await repair(mending) : null;
          // `repair` has compared, too, where it was needed.
          if (report !== null) return { repaired: didOf(report), differs: report.well ? [] : leftOf(report) };
          const { found: differs } = await settledDifferences(before, () => snapshotOf(bound, connections), settleMs);
          closeBefore(state, differs, run);
          return { repaired: [], differs: differs.map(sayDifference) };
        } finally {
          await give().catch(() => undefined);
          await connections[Symbol.asyncDispose]();
        }
      },
    };
  } catch (error) {
    await give().catch(() => undefined);
    throw error;
  }
}
