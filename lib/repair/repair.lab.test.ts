import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { dice } from '../dice.js';
import { farKeeper } from '../lease/farLease.js';
import { takeLease } from '../lease/lease.js';
import { HOLDER } from '../lease/testing/holder.js';
import { connect } from '../ssh/connect.js';
import { armGuard } from '../ssh/guard.js';
import { openTestNetwork } from '../ssh/testing/network.js';
import { isDrawn, NOT_DRAWN, samples } from '../testing/samples.js';
import { clearByHand } from './clear.js';
import { openJournal, readJournal, type NewEntry } from './journal.js';
import { repair, type RepairOptions, type RepairReport } from './repair.js';
import { lookAt, type Facts } from './snapshot.js';
import { killRound } from './testing/killRound.js';
import { oneMachineBinding } from './testing/oneMachine.js';
import { watchedOf } from './watched.js';
import { closeBefore, keepBefore, requireWell } from './wellness.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');

const UNDO = ['ip', 'link', 'set', 'dev', 'x0', 'up'];
/** Nobody waits for a guard of these tests to act by itself. */
const LONG_SECONDS = 300;

const entry = (guard: string | null, undo: readonly string[] = UNDO): NewEntry => ({
  run: 'a run',
  machine: 'leafa',
  what: 'unplug of leg-a',
  undo: [[...undo]],
  guard,
});

const sentences = ({ machines, left }: RepairReport) => ({
  did: machines.flatMap((report) => report.did),
  left: [...machines.flatMap((report) => report.left), ...left],
});

const REPAIRED = [
  { server: 'openssh', shell: 'dash', user: 'qa', sudo: true },
  { server: 'dropbear', shell: 'busybox', user: 'root' },
] as const;

for (const [nth, options] of REPAIRED.entries())
  test(`repair undoes what was left, says so, and then has nothing to do: ${JSON.stringify(options)}`, async () => {
    test.skip(!isDrawn(nth, REPAIRED.length, 1), NOT_DRAWN);
    await using network = await openTestNetwork();
    const machine = await network.boot('leafa', options);
    // Not by a shell there: some shells of busybox put their own ip before all others.
    const ip = (words: string) => machine.inside('ip', ...words.split(' '));
    await ip('link add bond0 type bridge');
    await ip('link add x0 type veth peer name y0');
    await ip('link set x0 master bond0');
    for (const link of ['bond0', 'x0', 'y0']) await ip(`link set ${link} up`);
    await ip('addr add 192.0.2.200/32 dev bond0');
    const binding = await oneMachineBinding('rack', 'x0');
    const folder = await mkdtemp(join(network.folder, 'state-'));
    await using connection = await connect(machine.machine);
    await using lease = await takeLease(farKeeper(connection, 'rack', 90), HOLDER);
    const mine: RepairOptions = { binding, folder, lease, connectTo: () => connect(machine.machine), settleMs: 0 };
    const [watched] = watchedOf(binding);
    if (watched === undefined) throw new Error('nothing is watched');
    const before: Facts = await lookAt(connection, watched);
    expect(before).toMatchObject({
      'x0 admin': 'up',
      'x0 oper': 'up',
      'x0 mtu': '1500',
      'x0 master': 'bond0',
      'bond0 addresses': '192.0.2.200/32',
      'guards running': '0',
      'guards folders': '0',
    });
    const breakLink = () => machine.inside('ip', 'link', 'set', 'x0', 'down');
    const arm = () =>
      armGuard(connection, { undo: [{ argv: UNDO }], seconds: LONG_SECONDS, witness: ['true'], asRoot: true });
    const killGuards = () =>
      machine.inside(
        'sh',
        '-c',
        'for p in $(grep -ls "[e]veryleaf-guard" /proc/[0-9]*/cmdline | cut -d/ -f3); do kill -KILL $p || :; done',
      );
    const again = async () => sentences(await repair(mine));

    expect(await again()).toEqual({ did: [], left: [] });

    // A run that was killed while its guard lives.
    {
      keepBefore(folder, { leafa: before });
      const guard = await arm();
      using journal = openJournal(folder);
      journal.begin(entry(guard.folder));
      await breakLink();
      expect(await lookAt(connection, watched)).toMatchObject({
        'x0 admin': 'down',
        'guards running': '1',
        'guards folders': '1',
      });
      expect(await again()).toEqual({
        did: [
          expect.stringMatching(/^unplug of leg-a \(a run, .*\): undone$/),
          `a guard undid its change (${guard.folder})`,
        ],
        left: [],
      });
      expect(await lookAt(connection, watched)).toEqual(before);
      expect(await again()).toEqual({ did: [], left: [] });
    }

    // One whose guard was killed, too, and one whose change only the comparison shows.
    {
      const guard = await arm();
      using journal = openJournal(folder);
      journal.begin(entry(guard.folder));
      await breakLink();
      await killGuards();
      const { did, left } = await again();
      expect(left).toEqual([]);
      expect(did.join('\n')).toContain('undone\na guard was killed before it had undone its change');
      keepBefore(folder, { leafa: before });
      await breakLink();
      expect(await again()).toEqual({ did: ['x0 was up before, and is set up again'], left: [] });
      expect(await lookAt(connection, watched)).toEqual(before);
    }

    // A journal that asks for more than the binding allows; a guard that nobody knows; a machine that differs.
    {
      using journal = openJournal(folder);
      journal.begin(entry(null, ['touch', '/tmp/ran']));
      await arm();
      await killGuards();
      keepBefore(folder, { leafa: before });
      await machine.inside('ip', 'link', 'set', 'x0', 'mtu', '1400');
      for (let time = 0; time < 2; time++) {
        const { did, left } = await again();
        expect(did).toEqual([]);
        expect(left).toEqual([
          expect.stringContaining('not run: "touch /tmp/ran" is nothing that this binding allows on leafa'),
          expect.stringMatching(/^a guard was killed before .*; the journal here does not know it$/),
          'leafa: x0 mtu was 1500, is 1400',
          'leafa: bond0 mtu was 1500, is 1400',
          'leafa: guards folders was 0, is 1',
        ]);
      }
      await machine.inside('test', '!', '-e', '/tmp/ran');
      expect(() => requireWell('rack', folder)).toThrow(
        /^rack is unwell since .*: leafa: x0 mtu was 1500, is 1400, and 2 more$/,
      );
      await machine.inside('ip', 'link', 'set', 'x0', 'mtu', '1500');
      expect(await clearByHand(mine)).toEqual([]);
      requireWell('rack', folder);
      expect(readJournal(folder).open).toEqual([]);
      expect(await again()).toEqual({ did: [], left: [] });
      expect(await lookAt(connection, watched)).toEqual(before);
    }

    // A run that compared, and found the machines to differ; a person puts it right.
    keepBefore(folder, { leafa: before });
    closeBefore(folder, [{ machine: 'leafa', about: 'x0 mtu', before: '1500', after: '9000' }], 'nightly');
    expect(() => requireWell('rack', folder)).toThrow('(nightly)');
    expect(await again()).toEqual({ did: [], left: [] });
    requireWell('rack', folder);

    // A guard whose undo fails is told with what the undo said.
    await armGuard(connection, {
      undo: [{ argv: ['ip', 'link', 'set', 'dev', 'gone', 'up'] }],
      seconds: LONG_SECONDS,
      witness: ['true'],
      asRoot: true,
    });
    expect((await again()).left).toEqual([
      expect.stringMatching(
        /^a guard could not undo its change \(\S+\): .*(Cannot find|No such) device.*; the journal here does not know it$/,
      ),
    ]);
    expect(await clearByHand(mine)).toEqual([]);

    // A journal with a damaged line, which only a person can set aside; a machine that cannot be reached.
    await writeFile(join(folder, 'faults.jsonl'), 'what?\n');
    expect((await again()).left).toEqual([
      'line 1 of the journal is damaged, and was not followed: it is no line of a journal',
    ]);
    expect(await clearByHand(mine)).toEqual([]);
    expect(existsSync(join(folder, 'faults.jsonl'))).toBe(false);
    const lost = { ...machine.machine, port: 1 };
    expect(sentences(await repair({ ...mine, connectTo: () => connect(lost) })).left[0]).toContain(
      'refuses the connection',
    );

    // Somebody else has the lease: nothing is touched.
    await breakLink();
    await machine.inside('sh', '-c', 'rm -r /tmp/everyleaf-leases');
    await takeLease(farKeeper(connection, 'rack', 90), { ...HOLDER, who: 'night' });
    await expect(lease.renew()).rejects.toThrow('held by night');
    await expect(repair(mine)).rejects.toThrow('the lease of rack was lost: it is held by night');
    expect((await machine.inside('cat', '/sys/class/net/x0/operstate')).trim()).toBe('down');
  });

/** No more at a time than two cores can start. */
const AT_A_TIME = samples(6, 12);

/** A round takes half a minute, and longer on a machine without a free core. */
const ROUND_MS = 180_000;

for (let round = 0; round < samples(1, 9); round++)
  test(`programs that are killed at any instant leave nothing beyond their deadlines: ${round}`, async ({}, info) => {
    test.setTimeout(ROUND_MS);
    await using network = await openTestNetwork();
    const machine = await network.boot('leafa', { config: ['MaxStartups 100'] });
    const random = dice(info.workerIndex + Date.now());
    const names = Array.from({ length: AT_A_TIME }, (_, i) => `k${i}`);
    const { wrong, hit } = await killRound(network, machine, { names, random });
    info.annotations.push({ type: 'hit', description: JSON.stringify(hit) });
    expect(wrong).toEqual([]);
    // What was down may be undone before somebody looks, on a machine without a free core; the journal stays open.
    expect(hit.openEntries, 'nothing was broken').toBeGreaterThan(0);
  });
