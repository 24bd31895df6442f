import { createHash } from 'node:crypto';
import { DURATIONS } from '../durations.js';
import { patience } from '../lab/patience.js';
import { TestbedError } from '../testbed/error.js';
import { transact, type Operation, type OvsSockets, type Row } from './ask.js';

/**
 * The file of a database without rows: its schema, as the first record. Source: ovsdb(5), "Standalone and
 * active-backup database files". The same as `ovsdb-tool create` makes.
 */
export function emptyDatabase(schema: string): string {
  const record = `${JSON.stringify(JSON.parse(schema))}\n`;
  return `OVSDB JSON ${Buffer.byteLength(record)} ${createHash('sha1').update(record).digest('hex')}\n${record}`;
}

/**
 * Waits until ovs-vswitchd has put a configuration into effect. Throws TestbedError when it does not, and where an
 * interface cannot be used. ovs-vsctl(8) does the same after a change.
 */
export async function inEffect(sockets: OvsSockets, configuration: number): Promise<void> {
  const [, interfaces] = await transact(
    sockets,
    [
      {
        op: 'wait',
        table: 'Open_vSwitch',
        timeout: patience(sockets.node, DURATIONS.daemonStart),
        where: [],
        columns: ['cur_cfg'],
        until: '==',
        rows: [{ cur_cfg: configuration }],
      },
      { op: 'select', table: 'Interface', where: [], columns: ['name', 'error'] },
    ],
    // The database itself ends the wait.
    patience(sockets.node, DURATIONS.daemonStart) + DURATIONS.command,
  );
  const wrong = (interfaces?.rows ?? []).flatMap(({ name, error }) =>
    typeof error === 'string' ? [`${String(name)}: ${error}`] : [],
  );
  if (wrong.length > 0) throw new TestbedError(`on ${sockets.node.name}: ${wrong.join('; ')}`);
}

/**
 * Waits until the database has the MAC of a bridge's own port: the daemon writes what it knows of interfaces after a
 * configuration is in effect, and until then it is one that it drew. Throws TestbedError when it does not come.
 */
export async function awaitAddress(
  sockets: OvsSockets,
  bridge: string,
  mac: string,
  withinMs = patience(sockets.node, DURATIONS.daemonStart),
): Promise<void> {
  const wait = {
    op: 'wait',
    table: 'Interface',
    timeout: withinMs,
    where: [['name', '==', bridge]],
    columns: ['mac_in_use'],
    until: '==',
    rows: [{ mac_in_use: mac }],
  };
  // The database itself ends the wait.
  await transact(sockets, [wait], withinMs + DURATIONS.command).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new TestbedError(`on ${sockets.node.name}: ${bridge} does not have the MAC ${mac} that it was given: ${why}`);
  });
}

/** Changes the database, and waits until that is in effect. Throws TestbedError like `inEffect`. */
export async function configure(sockets: OvsSockets, changes: readonly Operation[]): Promise<void> {
  const outcomes = await transact(
    sockets,
    [
      ...changes,
      { op: 'mutate', table: 'Open_vSwitch', where: [], mutations: [['next_cfg', '+=', 1]] },
      { op: 'select', table: 'Open_vSwitch', where: [], columns: ['next_cfg'] },
    ],
    DURATIONS.command,
  );
  await inEffect(sockets, Number(outcomes.at(-1)?.rows?.[0]?.['next_cfg']));
}

/** Changes columns of the row with this name, and waits until that is in effect. */
export async function setColumns(sockets: OvsSockets, table: string, name: string, row: Row): Promise<void> {
  await configure(sockets, [{ op: 'update', table, where: [['name', '==', name]], row }]);
}
