/**
 * `breaker FILE LINK SECONDS`: logs in to the machine of that file, takes a link down under a guard, says so, renews the guard
 * each second, and waits to be killed.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from '../connect.js';
import { armGuard } from '../guard.js';
import type { SshMachine } from '../machine.js';

const [file = '', link = '', seconds = ''] = process.argv.slice(2);
const connection = await connect(JSON.parse(await readFile(file, 'utf8')) as SshMachine);
const guard = await armGuard(connection, {
  undo: [{ argv: ['ip', 'link', 'set', 'dev', link, 'up'] }],
  seconds: Number(seconds),
  witness: ['true'],
  asRoot: true,
});
await guard.change(['ip', 'link', 'set', 'dev', link, 'down']);
process.stdout.write('broken\n');
for (;;) {
  await wait(1_000);
  await guard.renew();
}
