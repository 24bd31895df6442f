import type { Binding } from '../binding/schema.js';
import type { Lease } from '../lease/lease.js';
import { shellCommand } from '../shellQuote.js';
import { SshError } from '../ssh/error.js';
import type { SshConnection } from '../ssh/connect.js';
import { run } from '../ssh/process.js';
import { SSH_TIMING } from '../ssh/timing.js';
import { allowedUndo, boundPorts } from './allowed.js';
import { endGuards, removeGuards, type LeftGuard } from './guards.js';
import { awaitOrphans } from './orphans.js';
import { openJournal, readJournal, type FaultJournal } from './journal.js';
import type { JournalEntry, JournalState } from './journalText.js';
import { lookAt, sayDifference, settledDifferences, type Difference, type Facts, type Snapshot } from './snapshot.js';
import { watchedOf, type Watched } from './watched.js';
import { clearWellness, closeBefore, readBefore, readUnwell } from './wellness.js';

/** What repair did on a machine, and what it could not do; sentences. */
export interface MachineReport {
  readonly machine: string;
  readonly did: readonly string[];
  readonly left: readonly string[];
}

export interface RepairReport {
  readonly machines: readonly MachineReport[];
  /** What is about no machine: lines of the journal, and what is not as before. */
  readonly left: readonly string[];
  /** Nothing is left: runs may use the binding. */
  readonly well: boolean;
}

export interface RepairOptions {
  readonly binding: Binding;
  /** Of the binding: its journal, and how its machines were. */
  readonly folder: string;
  readonly lease: Lease;
  readonly connectTo: (machine: string) => Promise<SshConnection>;
  /** How long machines may take to be as before, ms. */
  readonly settleMs?: number;
  /** A run has only just died: what it has started on the machines is awaited first, as it could still change something. */
  readonly hasJustDied?: boolean;
}

const canRoot = ({ machine }: SshConnection): boolean => machine.user === 'root' || machine.sudo;

/** Undoes one change and sees that it is undone. Returns why it is not; null when it is. */
async function undo(
  connection: SshConnection,
  { binding, lease }: RepairOptions,
  { machine, undo: steps }: JournalEntry,
): Promise<string | null> {
  const allowed = steps.map((argv) => allowedUndo(binding, machine, argv));
  const refused = steps[allowed.indexOf(null)];
  if (refused !== undefined)
    return `not run: "${shellCommand(refused)}" is nothing that this binding allows on ${machine}`;
  for (const [at, step] of allowed.entries()) {
    if (step === null) continue;
    await lease.step();
    const done = await run(connection, { argv: step.argv, asRoot: canRoot(connection) }, SSH_TIMING.command);
    const seen = await run(connection, { argv: step.witness, asRoot: canRoot(connection) }, SSH_TIMING.command);
    if (seen.code !== 0)
      return `"${shellCommand(steps[at] ?? [])}" was of no effect: ${done.stderr.trim() || `code ${done.code}`}`;
  }
  return null;
}

const sayEntry = ({ what, run: by, at }: JournalEntry): string => `${what} (${by}, ${at})`;

function sayGuard({ is, folder, said }: LeftGuard): string {
  const how = said === '' ? '' : `: ${said}`;
  switch (is) {
    case 'undone':
      return `a guard undid its change (${folder})`;
    case 'failed':
      return `a guard could not undo its change (${folder})${how}`;
    case 'dead':
      return `a guard was killed before it had undone its change (${folder})${how}`;
    case 'busy':
      return `a guard has not ended in time (${folder})${how}`;
  }
}

/** Guards first: they know more than the journal. Then what the journal still has open, the last change first. */
async function repairMachine(
  connection: SshConnection,
  options: RepairOptions,
  { journal, state }: { readonly journal: FaultJournal; readonly state: JournalState },
): Promise<MachineReport> {
  const { name: machine } = connection.machine;
  const did: string[] = [];
  const left: string[] = [];
  if (options.hasJustDied === true) await awaitOrphans(connection, canRoot(connection));
  await options.lease.step();
  const guards = await endGuards(connection, canRoot(connection));
  const ofMachine = (entries: readonly JournalEntry[]) => entries.filter((entry) => entry.machine === machine);
  const closed = ofMachine(state.closed).map(({ guard }) => guard);
  for (const entry of ofMachine(state.open).reverse()) {
    const why = await undo(connection, options, entry);
    if (why !== null) {
      left.push(`${sayEntry(entry)}: ${why}`);
      continue;
    }
    journal.end(entry.begin, 'repaired');
    closed.push(entry.guard);
    did.push(`${sayEntry(entry)}: undone`);
  }
  const settled = guards.filter(({ is, folder }) => is !== 'undone' && is !== 'busy' && closed.includes(folder));
  await removeGuards(
    connection,
    settled.map(({ folder }) => folder),
    canRoot(connection),
  );
  for (const guard of guards)
    if (guard.is === 'undone') did.push(sayGuard(guard));
    else if (settled.includes(guard)) did.push(`${sayGuard(guard)}; its folder is removed`);
    else left.push(`${sayGuard(guard)}; the journal here does not know it`);
  return { machine, did, left };
}

/** Ports that were up and are down, as a person would set them up again. */
async function raisePorts(
  connection: SshConnection,
  { binding, lease }: RepairOptions,
  { before, after }: { readonly before: Facts; readonly after: Facts },
): Promise<readonly string[]> {
  const { name: machine } = connection.machine;
  const did: string[] = [];
  for (const port of boundPorts(binding).get(machine) ?? []) {
    if (before[`${port} admin`] !== 'up' || after[`${port} admin`] !== 'down') continue;
    const allowed = allowedUndo(binding, machine, ['ip', 'link', 'set', 'dev', port, 'up']);
    if (allowed === null) continue;
    await lease.step();
    await run(connection, { argv: allowed.argv, asRoot: canRoot(connection) }, SSH_TIMING.command);
    did.push(`${port} was up before, and is set up again`);
  }
  return did;
}

/** All machines that anything is known of, each with its connection, or with why there is none. */
type Reached = ReadonlyMap<string, SshConnection | SshError>;

async function reach(machines: readonly string[], { connectTo }: RepairOptions): Promise<Reached> {
  const reached = await Promise.all(
    machines.map(async (machine) => {
      const result = await connectTo(machine).catch((error: unknown) => {
        if (error instanceof SshError) return error;
        throw error;
      });
      return [machine, result] as const;
    }),
  );
  return new Map(reached);
}

async function lookAtAll(watched: readonly Watched[], reached: Reached): Promise<Snapshot> {
  const looks = watched.map(async (of) => {
    const connection = reached.get(of.machine);
    if (connection === undefined || connection instanceof SshError) return [];
    return [[of.machine, await lookAt(connection, of)] as const];
  });
  return Object.fromEntries((await Promise.all(looks)).flat());
}

/** Compares with how the machines were before the run that has not done it itself. Returns what still differs. */
async function compare(
  options: RepairOptions,
  reached: Reached,
): Promise<{ readonly did: ReadonlyMap<string, readonly string[]>; readonly found: readonly Difference[] }> {
  const before = readBefore(options.folder);
  const did = new Map<string, readonly string[]>();
  if (before === null) return { did, found: [] };
  const watched = watchedOf(options.binding).filter(({ machine }) => before[machine] !== undefined);
  const after = await lookAtAll(watched, reached);
  for (const [machine, facts] of Object.entries(after)) {
    const connection = reached.get(machine);
    if (connection === undefined || connection instanceof SshError) continue;
    did.set(machine, await raisePorts(connection, options, { before: before[machine] ?? {}, after: facts }));
  }
  const { found } = await settledDifferences(before, () => lookAtAll(watched, reached), options.settleMs);
  return { did, found };
}

/**
 * Undoes what runs that ended badly left on the machines of a binding, and says what it did. The lease must be held. May be
 * repeated at any time: where nothing is left it changes nothing.
 *
 * @throws LeaseError when the lease is lost meanwhile: nothing more is touched then
 */
export async function repair(options: RepairOptions): Promise<RepairReport> {
  const { binding, folder } = options;
  const state = readJournal(folder);
  const watched = watchedOf(binding);
  const known = new Set(Object.keys(binding.machines));
  const ofInterest = new Set([
    ...watched.map(({ machine }) => machine),
    ...state.open.map(({ machine }) => machine).filter((machine) => known.has(machine)),
  ]);
  using journal = openJournal(folder);
  const reached = await reach([...ofInterest], options);
  try {
    const machines = await Promise.all(
      [...reached].map(async ([machine, connection]): Promise<MachineReport> => {
        try {
          if (connection instanceof SshError) throw connection;
          return await repairMachine(connection, options, { journal, state });
        } catch (error) {
          if (!(error instanceof SshError)) throw error;
          return { machine, did: [], left: [error.message.replace(`${machine}: `, '')] };
        }
      }),
    );
    const { did, found } = await compare(options, reached);
    const left = [
      ...state.damaged.map(({ line, why }) => `line ${line} of the journal is damaged, and was not followed: ${why}`),
      ...state.open
        .filter(({ machine }) => !known.has(machine))
        .map((entry) => `${sayEntry(entry)}: there is no machine ${entry.machine}`),
      ...found.map(sayDifference),
    ];
    const unwell = readUnwell(folder);
    if (unwell !== null && readBefore(folder) === null) left.push(...unwell.differences.map(sayDifference));
    const isWell = left.length === 0 && machines.every((report) => report.left.length === 0);
    if (isWell) clearWellness(folder);
    else if (found.length > 0) closeBefore(folder, found, unwell?.run ?? 'repair');
    return {
      machines: machines.map((report) => ({ ...report, did: [...report.did, ...(did.get(report.machine) ?? [])] })),
      left,
      well: isWell,
    };
  } finally {
    const connections = [...reached.values()].flatMap((of) => (of instanceof SshError ? [] : [of]));
    await Promise.all(connections.map((connection) => connection[Symbol.asyncDispose]()));
  }
}
