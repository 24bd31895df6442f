/** `holder FILE COMMAND...`: logs in to the machine of that file, starts the command there, says so, and waits to be killed. */
import { readFile } from 'node:fs/promises';
import { connect } from '../connect.js';
import type { SshMachine } from '../machine.js';
import { stream } from '../process.js';

const [file = '', ...argv] = process.argv.slice(2);
const machine = JSON.parse(await readFile(file, 'utf8')) as SshMachine;
const connection = await connect(machine);
await stream(connection, { argv, onBytes: () => undefined });
process.stdout.write('started\n');
await new Promise(() => undefined);
