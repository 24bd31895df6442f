import { DURATIONS } from '../durations.js';
import type { Node } from '../testbed/node.js';
import { TestbedError } from '../testbed/error.js';

/** A cell of the database as RFC 7047 5.1 writes it: an atom, or a tagged set, map or UUID. */
export type Cell =
  | string
  | number
  | boolean
  | readonly ['uuid' | 'named-uuid', string]
  | readonly ['set', readonly Cell[]]
  | readonly ['map', readonly (readonly [string, string])[]];
export type Row = Readonly<Record<string, Cell>>;

/** One step of a transaction. Source: RFC 7047 5.2. */
export type Operation = { readonly op: string; readonly table: string } & Readonly<Record<string, unknown>>;

/** Columns of one table. */
export interface Query {
  readonly table: string;
  readonly columns: readonly string[];
}

/** How a node's own Open vSwitch is reached. */
export interface OvsSockets {
  readonly node: Node;
  readonly env: Readonly<Record<string, string>>;
  /** Control socket of ovs-vswitchd. */
  readonly control: string;
  /** Socket of the database. */
  readonly database: string;
}

/** The node's way to ask; null where it has none, and a program must. */
export type Ask = (method: string, params: readonly unknown[], withinMs: number) => Promise<unknown>;

function asking({ name, shortcuts }: Node, socket: string): Ask | null {
  const { jsonRpc } = shortcuts;
  if (jsonRpc === undefined) return null;
  return async (method, params, withinMs) => {
    const { result, error } = await jsonRpc(socket, method, params, withinMs).catch((thrown: unknown) => ({
      result: null,
      error: thrown instanceof Error ? thrown.message : String(thrown),
    }));
    if (error === null) return result;
    const why = typeof error === 'string' ? error.trim() : JSON.stringify(error);
    throw new TestbedError(
      `on ${name}: ${[method, ...params.filter((one) => typeof one === 'string')].join(' ')}: ${why}`,
    );
  };
}

/** What `ovs-appctl` prints: by its own protocol where the node can speak it, which saves a process. */
export async function appctl(
  { node, env, control }: OvsSockets,
  args: readonly string[],
  withinMs: number = DURATIONS.command,
): Promise<string> {
  const [method = '', ...params] = args;
  const ask = asking(node, control);
  if (ask !== null) return String(await ask(method, params, withinMs));
  const timeout = `--timeout=${Math.ceil(withinMs / 1000)}`;
  return (await node.exec(['ovs-appctl', '-vsyslog:off', timeout, '-t', control, ...args], { env })).stdout;
}

/** What came of one step: rows where it selects. */
export interface Outcome {
  readonly rows?: readonly Row[];
  readonly error?: string;
  readonly details?: string;
}

/** Changes and reads the database, in one piece. Throws TestbedError where it refuses. Source: RFC 7047 4.1.3. */
export async function transact(
  { node, env, database }: OvsSockets,
  operations: readonly Operation[],
  withinMs: number = DURATIONS.command,
): Promise<readonly Outcome[]> {
  const transaction = ['Open_vSwitch', ...operations];
  const ask = asking(node, database);
  const command = ['ovsdb-client', '-vsyslog:off', 'transact', `unix:${database}`, JSON.stringify(transaction)];
  const answer = (
    ask === null
      ? (JSON.parse((await node.exec(command, { env, timeoutMs: withinMs })).stdout) as unknown)
      : await ask('transact', transaction, withinMs)
  ) as readonly (Outcome | null)[];
  // What refuses is the last step that was tried; the rest is null.
  for (const { error, details = '' } of answer.flatMap((outcome) => outcome ?? []))
    if (error !== undefined) throw new TestbedError(`on ${node.name}: the database says ${error}: ${details}`);
  return answer.map((outcome) => outcome ?? {});
}

/** The rows of each query, in order. Throws TestbedError where the database refuses. Source: RFC 7047 5.2.2. */
export async function select(sockets: OvsSockets, queries: readonly Query[]): Promise<readonly (readonly Row[])[]> {
  const outcomes = await transact(
    sockets,
    queries.map((query) => ({ op: 'select', where: [], ...query })),
  );
  return outcomes.map(({ rows = [] }) => rows);
}
