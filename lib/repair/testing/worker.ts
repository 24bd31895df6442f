/**
 * `worker FILE`: takes a lease, breaks a link under a guard and with a journal, renews, repairs, gives the lease back, and
 * begins again, until it is killed. Says `broken` when the link is down for the first time.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { farKeeper } from '../../lease/farLease.js';
import { ourselves } from '../../lease/holder.js';
import { takeLease } from '../../lease/lease.js';
import { connect } from '../../ssh/connect.js';
import { armGuard } from '../../ssh/guard.js';
import type { SshMachine } from '../../ssh/machine.js';
import { openJournal } from '../journal.js';

/** What a worker reads. */
export interface WorkerOrder {
  readonly machine: SshMachine;
  readonly lease: string;
  readonly leaseSeconds: number;
  readonly guardSeconds: number;
  readonly folder: string;
  readonly port: string;
}

const order = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as WorkerOrder;
const connection = await connect(order.machine);
const keeper = farKeeper(connection, order.lease, order.leaseSeconds);
const undo = ['ip', 'link', 'set', 'dev', order.port, 'up'];
using journal = openJournal(order.folder);
for (;;) {
  const lease = await takeLease(keeper, ourselves('a worker'));
  const guard = await armGuard(connection, {
    undo: [{ argv: undo }],
    seconds: order.guardSeconds,
    witness: ['true'],
    asRoot: true,
  });
  await lease.step();
  const id = journal.begin({
    run: 'a worker',
    machine: 'leafa',
    what: `${order.port} down`,
    undo: [undo],
    guard: guard.folder,
  });
  await guard.change(['ip', 'link', 'set', 'dev', order.port, 'down']);
  process.stdout.write('broken\n');
  for (let beats = 0; beats < 3; beats++) {
    await lease.renew();
    await guard.renew();
    await wait(300);
  }
  await guard.disarm();
  journal.end(id, 'undone');
  await lease.give();
}
