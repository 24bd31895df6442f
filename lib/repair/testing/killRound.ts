import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { farKeeper } from '../../lease/farLease.js';
import { ourselves } from '../../lease/holder.js';
import { takeLease } from '../../lease/lease.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { connect } from '../../ssh/connect.js';
import type { TestMachine } from '../../ssh/testing/machine.js';
import type { TestNetwork } from '../../ssh/testing/network.js';
import { HANGS_MS } from '../../testing/limits.js';
import { samples } from '../../testing/samples.js';
import { unlessNever, until } from '../../until.js';
import { readJournal } from '../journal.js';
import { repair } from '../repair.js';
import { oneMachineBinding } from './oneMachine.js';
import type { WorkerOrder } from './worker.js';

const GUARD_SECONDS = 3;
const LEASE_SECONDS = 4;
/** From the start of a program, or from its first break, over some rounds of its work. */
const LATEST_MS = 4_000;
/** By how much a guard may be late: on a machine without a free core it gets no CPU in a given second. None with time. */
const LATE_MS = samples(60_000, 0);

/** What is wrong after a round; sentences. And what the kills hit, so that a round that hit nothing is seen. */
export interface KillRound {
  readonly wrong: readonly string[];
  readonly hit: { readonly down: number; readonly openEntries: number; readonly leasesHeld: number };
}

async function uptime(machine: TestMachine): Promise<number> {
  return Number((await machine.inside('cat', '/proc/uptime')).split(' ')[0]);
}

/** Which of these links are up. */
async function areUp(machine: TestMachine, links: readonly string[]): Promise<readonly boolean[]> {
  const flags = await machine.inside('cat', ...links.map((link) => `/sys/class/net/${link}/flags`));
  return flags
    .trim()
    .split('\n')
    .map((flag) => (Number(flag) & 1) === 1);
}

/**
 * Kills so many programs that hold a lease, a guard and a journal, each at an instant of its own, and looks at what is
 * left when the deadlines have passed, and then what `repair` leaves.
 */
export async function killRound(
  network: TestNetwork,
  machine: TestMachine,
  { names, random }: { readonly names: readonly string[]; readonly random: () => number },
): Promise<KillRound> {
  const wrong: string[] = [];
  const hit = { down: 0, openEntries: 0, leasesHeld: 0 };
  const folderOf = (name: string) => join(network.folder, `state-${name}`);
  await using connection = await connect(machine.machine);
  for (const name of names) {
    await machine.inside('ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', `p${name}`);
    await machine.inside('ip', 'link', 'set', name, 'up');
    await mkdir(folderOf(name));
  }
  const keepers = names.map((name) => farKeeper(connection, name, LEASE_SECONDS));
  await Promise.all(
    names.map(async (name, index) => {
      const order: WorkerOrder = {
        machine: machine.machine,
        lease: name,
        leaseSeconds: LEASE_SECONDS,
        guardSeconds: GUARD_SECONDS,
        folder: folderOf(name),
        port: name,
      };
      const file = join(network.folder, `${name}.json`);
      await writeFile(file, JSON.stringify(order));
      const program = join(PACKAGE_ROOT, 'dist/lib/repair/testing/worker.js');
      // One that ends by itself, because its guard has undone on a machine without a free core, is as good as killed.
      const worker = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'ignore'] });
      const exited = once(worker, 'exit');
      if (index % 3 > 0) await Promise.race([once(worker.stdout, 'data'), exited]);
      // A third of them while the link is certainly down, whatever else the machine does.
      if (index % 3 < 2) await wait(random() * LATEST_MS);
      worker.kill('SIGKILL');
      await exited;
      // At once: by the time that the last one is killed, the first one's deadlines may have passed.
      const [ups, lease] = await Promise.all([areUp(machine, [name]), keepers[index]?.show()]);
      if (ups[0] === false) hit.down++;
      if (lease?.is === 'held') hit.leasesHeld++;
    }),
  );
  hit.openEntries = names.filter((name) => readJournal(folderOf(name)).open.length > 0).length;
  // Far commands of the last moment end within their own lease; what they had done by then is under a guard.
  const killed = await uptime(machine);
  await until('the deadlines', HANGS_MS, async () =>
    (await uptime(machine)) > killed + Math.max(GUARD_SECONDS, LEASE_SECONDS) + 1 ? true : null,
  );
  const late = async (): Promise<readonly string[]> => {
    const states = await Promise.all(keepers.map((keeper) => keeper.show()));
    const up = await areUp(machine, names);
    return names.flatMap((name, i) => [
      ...(states[i]?.is === 'free' ? [] : [`the lease of ${name} is ${states[i]?.is ?? 'gone'} after its deadline`]),
      ...(up[i] === true ? [] : [`${name} is down after its deadline`]),
    ]);
  };
  // Nobody but a guard undoes anything until here: one that was lost never does.
  let left: readonly string[] = [];
  await until('guards and leases to end', LATE_MS, async () => {
    left = await late();
    return left.length === 0 ? true : null;
  }).catch(unlessNever);
  wrong.push(...left);
  for (const [i, name] of names.entries()) {
    const keeper = keepers[i];
    if (keeper === undefined) continue;
    const binding = await oneMachineBinding(name, name);
    for (const time of ['first', 'second']) {
      await using lease = await takeLease(keeper, ourselves('repair'));
      const options = { binding, folder: folderOf(name), lease, connectTo: () => connect(machine.machine) };
      const { machines, left, well } = await repair(options);
      const did = machines.flatMap((report) => report.did);
      if (!well)
        wrong.push(`repair of ${name} left: ${[...left, ...machines.flatMap((report) => report.left)].join('; ')}`);
      if (time === 'second' && did.length > 0)
        wrong.push(`the second repair of ${name} did something: ${did.join('; ')}`);
    }
    if (readJournal(folderOf(name)).open.length > 0) wrong.push(`the journal of ${name} is open`);
  }
  return { wrong, hit };
}
