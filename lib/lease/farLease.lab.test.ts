import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { connect } from '../ssh/connect.js';
import { isDrawn, NOT_DRAWN } from '../testing/samples.js';
import { openTestNetwork, type TestNetwork } from '../ssh/testing/network.js';
import type { TestMachine } from '../ssh/testing/machine.js';
import { farKeeper } from './farLease.js';
import { LEASE_SCRIPT } from './farScript.js';
import { takeLease } from './lease.js';
import { HOLDER, tokenOf } from './testing/holder.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');

const TTL = 90;

/** A machine whose clock the test sets, and that can forget its boot. */
async function bootWithClock(network: TestNetwork, name: string, options: Parameters<TestNetwork['boot']>[1]) {
  const machine = await network.boot(name, options);
  const put = (file: string, text: string) => writeFile(join(network.folder, name, file), text);
  const clock = {
    at: (seconds: number) => put('uptime', `${seconds}.07 1.00\n`),
    boot: (id: string) => put('boot', `${id}\n`),
  };
  await clock.at(1_000);
  await clock.boot('first');
  await machine.inside('mount', '--bind', '/mnt/uptime', '/proc/uptime');
  await machine.inside('mount', '--bind', '/mnt/boot', '/proc/sys/kernel/random/boot_id');
  return { machine, clock };
}

for (const [mine, options] of (
  [
    { server: 'openssh', shell: 'dash', user: 'qa' },
    { server: 'dropbear', shell: 'busybox', user: 'root' },
  ] as const
).entries())
  test(`a lease has one holder, by the clock of the machine that keeps it: ${JSON.stringify(options)}`, async () => {
    test.skip(!isDrawn(mine, 2, 1), NOT_DRAWN);
    await using network = await openTestNetwork();
    const { machine, clock } = await bootWithClock(network, 'keeper', options);
    await using connection = await connect(machine.machine);
    const keeper = farKeeper(connection, 'rack', TTL);
    const [a, b, c] = [tokenOf('a'), tokenOf('b'), tokenOf('c')];
    const ask = async (operation: 'take' | 'renew' | 'regain' | 'give', token: string) => {
      const { done, state } = await keeper.ask(operation, token, { ...HOLDER, who: token.slice(0, 1) });
      return [done, state.is, state.secondsLeft, state.holder?.who ?? null];
    };

    expect(await keeper.show()).toEqual({ is: 'free', secondsLeft: 0, holder: null, said: null });
    expect(await machine.inside('sh', '-c', 'ls -d /tmp/everyleaf* || :'), 'show changes nothing').toBe('');
    expect(await ask('renew', a)).toEqual([false, 'free', 0, null]);
    expect(await ask('take', a)).toEqual([true, 'held', TTL, 'a']);
    expect(await ask('take', a), 'the answer was lost').toEqual([true, 'held', TTL, 'a']);
    await clock.at(1_030);
    expect(await ask('take', b)).toEqual([false, 'held', TTL - 30, 'a']);
    expect(await ask('give', b)).toEqual([false, 'held', TTL - 30, 'a']);
    expect(await ask('renew', b)).toEqual([false, 'held', TTL - 30, 'a']);
    expect(await ask('renew', a)).toEqual([true, 'held', TTL, 'a']);
    await clock.at(1_030 + TTL - 1);
    expect(await ask('take', b)).toEqual([false, 'held', 1, 'a']);
    await clock.at(1_030 + TTL);
    expect(await ask('renew', a), 'what has run out is not renewed').toEqual([false, 'free', 0, null]);
    expect(await ask('regain', b), 'nobody else regains it').toEqual([false, 'free', 0, null]);
    expect(await ask('regain', a), 'nobody has had it since').toEqual([true, 'held', TTL, 'a']);
    expect(await ask('take', b)).toEqual([false, 'held', TTL, 'a']);
    await clock.at(1_030 + 2 * TTL);
    expect(await ask('take', b)).toEqual([true, 'held', TTL, 'b']);
    for (const operation of ['renew', 'regain'] as const)
      expect(await ask(operation, a)).toEqual([false, 'held', TTL, 'b']);
    await clock.at(1_030 + 3 * TTL);
    expect(await ask('regain', a), 'somebody has had it since').toEqual([false, 'free', 0, null]);
    expect(await ask('regain', b)).toEqual([true, 'held', TTL, 'b']);
    expect(await ask('give', b)).toEqual([true, 'free', 0, null]);
    for (const token of [a, b]) expect(await ask('regain', token), 'given back').toEqual([false, 'free', 0, null]);
    expect(await ask('give', b), 'the answer was lost').toEqual([true, 'free', 0, null]);
    expect(await ask('renew', b)).toEqual([false, 'free', 0, null]);

    // A restart, after which the files are still there, and one that emptied /tmp.
    expect(await ask('take', a)).toEqual([true, 'held', TTL, 'a']);
    await clock.boot('second');
    await clock.at(20);
    for (const operation of ['renew', 'regain'] as const)
      expect(await ask(operation, a)).toEqual([false, 'early', TTL - 20, null]);
    expect(await ask('take', b)).toEqual([false, 'early', TTL - 20, null]);
    await clock.at(TTL);
    expect(await ask('take', b)).toEqual([true, 'held', TTL, 'b']);
    expect(await ask('give', b)).toEqual([true, 'free', 0, null]);
    await machine.inside('sh', '-c', 'rm -r /tmp/everyleaf*');
    await clock.at(5);
    expect(await ask('take', c)).toEqual([false, 'early', TTL - 5, null]);
    await clock.at(TTL);
    expect(await ask('take', c)).toEqual([true, 'held', TTL, 'c']);

    // What a broken disk or a person left.
    const newest = (await machine.inside('sh', '-c', 'ls /tmp/everyleaf-leases/rack')).trim().split('\n').at(-1) ?? '';
    for (const [damage, file] of [
      [': >', Number(newest)],
      ['printf "everyleaf-lease-1 held x" >', Number(newest) + 1],
      ['printf "everyleaf-lease-1 held %s second 999999999999\\n{}\\nend\\n" x >', Number(newest) + 2],
    ] as const) {
      await machine.inside('sh', '-c', `${damage}/tmp/everyleaf-leases/rack/${file}`);
      expect((await keeper.show()).is, damage).toBe('damaged');
      expect(await ask('renew', c)).toEqual([false, 'damaged', 0, null]);
      expect(await ask('take', a)).toEqual([false, 'damaged', TTL, null]);
      expect(await ask('take', a), 'in doubt for one lifetime').toEqual([false, 'held', TTL, null]);
      await machine.inside('sh', '-c', `rm /tmp/everyleaf-leases/rack/${file + 1}`);
    }
    await machine.inside(
      'sh',
      '-c',
      'rm -r /tmp/everyleaf*; mkdir -pm 777 /tmp/everyleaf-leases/rack/1; chmod 777 /tmp/everyleaf-leases/rack',
    );
    await expect(keeper.ask('take', a, HOLDER)).rejects.toThrow(
      'keeper: the lease of rack cannot be kept there: no lease could be written',
    );
  });

test('a lease that was taken over stops all that its holder still wants to do, and says who has it', async () => {
  await using network = await openTestNetwork();
  const { machine, clock } = await bootWithClock(network, 'keeper', {});
  await using connection = await connect(machine.machine);
  const keeper = farKeeper(connection, 'rack', TTL);
  const lease = await takeLease(keeper, HOLDER);
  await expect(takeLease(keeper, HOLDER)).rejects.toThrow(
    `the lease of rack could not be taken: it is held by qa at station for a test, since ${HOLDER.since}; free in 90 s unless it is renewed`,
  );
  await clock.at(2_000);
  const other = await takeLease(keeper, { ...HOLDER, who: 'night', run: 'nightly \u001b[2J' });
  const lost = `the lease of rack was lost: it is held by night at station for nightly ?[2J, since ${HOLDER.since}; free in 90 s unless it is renewed`;
  expect(lease.lost.aborted).toBe(false);
  await expect(lease.renew()).rejects.toThrow(lost);
  expect(lease.lost.aborted).toBe(true);
  await expect(lease.step()).rejects.toThrow(lost);
  await lease.give();
  expect((await keeper.show()).holder?.who, 'only its holder gives it back').toBe('night');
  await other.give();
  expect((await keeper.show()).is).toBe('free');
});

/** More than cores, so that they meet at every line. */
const TAKERS = 10;

async function script(machine: TestMachine, text: string): Promise<readonly string[]> {
  return (await machine.inside('sh', '-c', `s=$1; ${text}`, 'test', LEASE_SCRIPT)).trim().split('\n');
}

for (const [mine, shell] of (['dash', 'busybox'] as const).entries())
  test(`of many who want a lease at the same instant exactly one gets it: ${shell}`, async () => {
    test.skip(!isDrawn(mine, 2, 1), NOT_DRAWN);
    await using network = await openTestNetwork();
    const { machine, clock } = await bootWithClock(network, 'keeper', { shell });
    const take = `sh -c "$s" l take /tmp/leases/rack "t$i" ${TTL} '{}'`;
    // Free because there is none, and then each time because the last one has run out.
    for (let round = 0; round < 3; round++) {
      await clock.at(1_000 * (round + 1));
      const said = await script(machine, `i=0; while [ $i -lt ${TAKERS} ]; do i=$((i + 1)); ${take} 2>&1 & done; wait`);
      const answers = said.filter((line) => line !== '{}');
      expect(answers.filter((line) => line === 'ok held 90')).toHaveLength(1);
      expect(answers.filter((line) => line === 'no held 90')).toHaveLength(TAKERS - 1);
    }
    // Its last holder wants it back at the instant at which the others take it.
    const last = (operation: string) => `sh -c "$s" l ${operation} /tmp/leases/rack last ${TTL} '{}' 2>&1`;
    await clock.at(5_000);
    expect(await script(machine, last('take'))).toEqual(['ok held 90', '{}']);
    await clock.at(6_000);
    const regained = await script(
      machine,
      `${last('regain')} & i=0; while [ $i -lt ${TAKERS} ]; do i=$((i + 1)); ${take} 2>&1 & done; wait`,
    );
    expect(regained.filter((line) => line === 'ok held 90')).toHaveLength(1);
    expect(regained.filter((line) => line === 'no held 90')).toHaveLength(TAKERS);
    // One after the other works where no other one can: a folder that a second one could not make.
    const work = `until ${take} | grep -q '^ok'; do sleep 0.05; done; mkdir /tmp/in || echo overlap; rmdir /tmp/in; sh -c "$s" l give /tmp/leases/rack "t$i" ${TTL} '{}' | grep -q '^ok free' || echo lost`;
    await clock.at(9_000);
    const said = await script(
      machine,
      `worker() { r=0; while [ $r -lt 3 ]; do r=$((r + 1)); ${work}; done; echo done; }; i=0; while [ $i -lt 4 ]; do i=$((i + 1)); worker & done; wait`,
    );
    expect(said).toEqual(Array.from({ length: 4 }, () => 'done'));
    expect((await script(machine, 'ls /tmp/leases/rack')).length, 'old files are removed').toBeLessThanOrEqual(18);
  });
