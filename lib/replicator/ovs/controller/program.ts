/**
 * `program DATABASE [SOCKET]`: an OpenFlow controller, in a process of its own. It reads ports and VLANs from the
 * database of a switch, waits at a unix socket, or without one at a port of TCP on loopback, until the switch connects,
 * and keeps group and flows of the recipe in step with the ports, as an agent of a cloud does. It says on stdout how it
 * is (words.ts), and runs until it is killed.
 */
import { rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { DURATIONS } from '../../../durations.js';
import { connectionOf, type SwitchConnection } from '../../../ovs/openflow/connection.js';
import { addFlow, deleteFlows, putGroup } from '../../../ovs/openflow/modify.js';
import { retrying } from '../../../retrying.js';
import { readPorts } from '../ports.js';
import { ovsRecipe } from '../recipe.js';
import { WATCHED } from '../watched.js';
import { databaseAt, watchDatabase } from './database.js';
import { CONNECTED, GONE, IN_FORCE, LISTENING, NOT_IN_FORCE } from './words.js';

const [path = '', socket] = process.argv.slice(2);
const database = databaseAt(path);
let connection: SwitchConnection | null = null;
let said = '';

function say(line: string): void {
  if (line !== said) process.stdout.write(`${line}\n`);
  said = line;
}

/** Why nothing can be installed: the switch has not connected, or is gone. */
let absent = 'no switch has connected';

async function install(): Promise<void> {
  try {
    if (connection === null) throw new Error(absent);
    const { group, flows } = ovsRecipe(await readPorts(database));
    // The group first: a flow may only point at a group that exists.
    await connection.apply([putGroup(group), deleteFlows, ...flows.map(addFlow)]);
    said = '';
    say(`${IN_FORCE} ${flows.length} flows`);
  } catch (error) {
    say(`${NOT_IN_FORCE} ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  }
}

const installing = retrying('the flows to fit the bridge', install, {
  first: DURATIONS.reconnect,
  longest: DURATIONS.reconnectLongest,
});

function welcome(next: SwitchConnection): void {
  // A switch that was restarted may be here before the end of its old connection is known.
  connection?.close();
  connection = next;
  void next.datapath.then(
    (id) => {
      say(`${CONNECTED} ${id}`);
      installing.touch();
    },
    () => undefined,
  );
  void next.ended.then((why) => {
    if (connection !== next) return;
    connection = null;
    absent = `the switch is gone: ${why}`;
    say(`${GONE} ${why}`);
    installing.touch();
  });
}

const server = createServer((peer) => welcome(connectionOf(peer)));
if (socket === undefined)
  server.listen({ host: '127.0.0.1', port: 0 }, () =>
    say(`${LISTENING} tcp:127.0.0.1:${(server.address() as AddressInfo).port}`),
  );
else {
  // One that was killed has left its socket behind.
  rmSync(socket, { force: true });
  server.listen(socket, () => say(`${LISTENING} unix:${socket}`));
}

const why = await watchDatabase(path, WATCHED, installing.touch);
process.stderr.write(`it no longer hears of changes: ${why}\n`);
process.exit(1);
