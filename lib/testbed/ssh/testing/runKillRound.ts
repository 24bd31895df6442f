import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { farKeeper } from '../../../lease/farLease.js';
import { PACKAGE_ROOT } from '../../../packageRoot.js';
import { readJournal } from '../../../repair/journal.js';
import { runProgram } from '../../../runProgram.js';
import { connect } from '../../../ssh/connect.js';
import type { TestMachine } from '../../../ssh/testing/machine.js';
import { HANGS_MS } from '../../../testing/limits.js';
import { until } from '../../../until.js';
import { FAR } from '../timing.js';
import type { TwoLeaves } from './twoLeaves.js';

/** Long enough for a run to begin on a machine without a free core. */
const LEASE_SECONDS = 40;
const NAME = 'two-linux-leaves-local';
const MAIN = join(PACKAGE_ROOT, 'dist/lib/cli/main.js');
/** A guard that cannot undo at once tries for some seconds more; far commands end 2 s after their lease. */
const SLACK_SECONDS = 6;
const LOOK_MS = 500;

/** What became of a run that was killed: how far it had come, and what was wrong then; sentences. */
export interface RunKillRound {
  readonly hit: {
    readonly afterMs: number;
    readonly open: number;
    readonly namespaces: number;
    readonly lease: string;
  };
  readonly wrong: readonly string[];
}

/** What of ours is on a machine, and links that are not as they were. */
async function tracesOn(machine: TestMachine): Promise<readonly string[]> {
  const script = [
    'ip netns list',
    'ls -d /tmp/everyleaf* /run/everyleaf* 2>/dev/null | grep -v /everyleaf-leases$',
    "ip -o link | sed -n 's/^[0-9]*: \\([^:@]*\\).* state \\(DOWN\\|LOWERLAYERDOWN\\) .*/\\1 is \\2/p'",
    'nft list tables 2>/dev/null',
    'for p in eth1 eth2 swp1; do ip -o addr show dev $p scope global 2>/dev/null; done',
    ':',
  ].join('\n');
  const said = (await machine.inside('sh', '-c', script)).split('\n').filter((line) => line !== '');
  return [...said, ...machine.processes()].map((what) => `${machine.name}: ${what}`);
}

/** The watch of a session that has ended is a `sleep 1` that ends by itself. */
const WATCH_ENDS_MS = 3_000;

/** What stays. */
async function tracesOf({ machines }: TwoLeaves): Promise<readonly string[]> {
  const look = async () => (await Promise.all(Object.values(machines).map(tracesOn))).flat();
  const first = await look();
  if (first.length === 0) return [];
  await wait(WATCH_ENDS_MS);
  return look();
}

const uptime = async (machine: TestMachine): Promise<number> =>
  Number((await machine.inside('cat', '/proc/uptime')).split(' ')[0]);

/**
 * Starts a whole run over ssh, kills it after a while, and looks at what is left when the deadlines have passed, and then
 * what `repair` leaves.
 *
 * @param afterMs when it is killed, from its start
 */
export async function runKillRound(leaves: TwoLeaves, afterMs: number): Promise<RunKillRound> {
  const { machines, state } = leaves;
  const wrong: string[] = [];
  const binding = await leaves.change('killed', (text) =>
    text.replace('at: leafa }', `at: leafa, ttl: ${LEASE_SECONDS}s }`),
  );
  const out = join(leaves.state, `../run-${Math.round(performance.now())}`);
  const run = spawn(
    process.execPath,
    [
      ...[MAIN, 'run', '--testbed', 'ssh', '--binding', binding, '--out', out, '--mode', 'balance-tcp'],
      ...['--scenario', 'with one leg out', '--controls', 'none'],
    ],
    { stdio: 'ignore' },
  );
  const exited = once(run, 'exit');
  await Promise.race([wait(afterMs), exited]);
  const wasRunning = run.exitCode === null;
  run.kill('SIGKILL');
  await exited;
  const killed = await uptime(machines.leafa);
  await using connection = await connect(machines.leafa.machine);
  const keeper = farKeeper(connection, NAME, LEASE_SECONDS);
  const namespaces = (await machines.leafa.inside('ip', 'netns', 'list')).split('\n').length - 1;
  const held = await keeper.show();
  const hit = {
    afterMs: wasRunning ? Math.round(afterMs) : -1,
    open: readJournal(state).open.length,
    namespaces,
    lease: held.is,
  };
  const past = (seconds: number) =>
    until(
      'a deadline',
      HANGS_MS,
      async () => ((await uptime(machines.leafa)) > killed + seconds ? true : null),
      () => '',
      LOOK_MS,
    );
  await past(FAR.guardSeconds + SLACK_SECONDS);
  // Our own session is a process there, too.
  await connection[Symbol.asyncDispose]();
  for (const trace of await tracesOf(leaves)) wrong.push(`after the guards' deadline: ${trace}`);
  await past(LEASE_SECONDS + 1);
  {
    await using again = await connect(machines.leafa.machine);
    const { is } = await farKeeper(again, NAME, LEASE_SECONDS).show();
    if (is !== 'free') wrong.push(`the lease is ${is} after its deadline`);
  }
  for (const time of ['first', 'second']) {
    const { code, stdout, stderr } = await runProgram(process.execPath, [MAIN, 'repair', binding]);
    if (code !== 0) wrong.push(`the ${time} repair ended with ${String(code)}: ${stdout}${stderr}`);
    if (time === 'second' && stdout.match(/: nothing to repair$/gm)?.length !== Object.keys(machines).length)
      wrong.push(`the second repair did something: ${stdout}`);
  }
  if (readJournal(state).open.length > 0) wrong.push('the journal is open');
  for (const trace of await tracesOf(leaves)) wrong.push(`after repair: ${trace}`);
  return { hit, wrong };
}
