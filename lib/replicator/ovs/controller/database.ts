import { createConnection } from 'node:net';
import { askSocket } from '../../../agent/jsonRpc.js';
import { DURATIONS } from '../../../durations.js';
import type { Outcome } from '../../../ovs/ask.js';
import type { OvsSwitch } from '../../../ovs/switch.js';

/** Reads rows of the database at this socket. Throws Error where it refuses, or does not answer. */
export function databaseAt(path: string): Pick<OvsSwitch, 'select'> {
  return {
    async select(queries) {
      const operations = queries.map((query) => ({ op: 'select', where: [], ...query }));
      const { result, error } = await askSocket(path, 'transact', ['Open_vSwitch', ...operations], DURATIONS.command);
      if (error !== null) throw new Error(`the database says ${JSON.stringify(error)}`);
      return (result as readonly Outcome[]).map(({ rows = [] }) => rows);
    },
  };
}

/**
 * Calls `onChange` when the database first answers, and each time one of these columns changes. Resolves, with the
 * reason, when it no longer does. Source: RFC 7047 4.1.5 and 4.1.6; on a unix socket the database never asks whether
 * anybody is there, so that everything it says is a change.
 *
 * @param watched columns by table
 */
export function watchDatabase(
  path: string,
  watched: Readonly<Record<string, readonly string[]>>,
  onChange: () => void,
): Promise<string> {
  return new Promise((resolve) => {
    const requests = Object.fromEntries(Object.entries(watched).map(([table, columns]) => [table, [{ columns }]]));
    const question = { method: 'monitor', params: ['Open_vSwitch', null, requests], id: 0 };
    const socket = createConnection(path, () => socket.write(JSON.stringify(question)));
    socket.on('data', onChange);
    socket.on('error', (error) => resolve(error.message));
    socket.on('close', () => resolve('it closed the connection'));
  });
}
