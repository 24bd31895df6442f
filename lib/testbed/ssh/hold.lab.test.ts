import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import { farKeeper } from '../../lease/farLease.js';
import { takeLease } from '../../lease/lease.js';
import { HOLDER } from '../../lease/testing/holder.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { readJournal } from '../../repair/journal.js';
import { connect } from '../../ssh/connect.js';
import { defaultTopology } from '../../testing/defaultLab.js';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { someOf } from '../../testing/samples.js';
import { wireChange } from '../../fault/wireRules.js';
import { need } from '../capability.js';
import { HOLD_VARIABLE } from '../hold.js';
import { bindSshTestbed } from './bound.js';
import { holdMachines } from './hold.js';
import { bringUpTwoLeaves, type TwoLeaves } from './testing/twoLeaves.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');

/** What a guard without a sign of life takes, on a machine without a free core. */
const GIVEN_BACK_MS = 60_000;

/** Links, namespaces, what is ours in files, and processes, of each machine. */
async function stateOf({ machines }: TwoLeaves): Promise<readonly string[]> {
  const script = 'ip -o link; ip netns list; ls /tmp /run | grep everyleaf | grep -v leases || :';
  const looks = Object.values(machines).map(async (machine) => [
    (await machine.inside('sh', '-c', script))
      .replaceAll(/ state \S+|^\d+: |@if\d+/gm, '')
      .replaceAll('NO-CARRIER,', ''),
    ...machine.processes(),
  ]);
  return (await Promise.all(looks)).flat();
}

/**
 * By the name that a guard's shell has as a whole argument: a renewal that is on its way has it inside of others, and
 * nobody would be left to remove the renewal's folder.
 */
const GUARDS =
  'for p in $(grep -lzsx everyleaf-guard /proc/[0-9]*/cmdline | cut -d/ -f3); do kill -KILL $p; done 2>/dev/null; :';

test('machines are held by one run: refused to others, repaired after a crash, compared, and given back', async () => {
  await using leaves = await bringUpTwoLeaves();
  const { binding, machines, state } = leaves;
  const held = (run: string) => holdMachines({ binding, run }, DEFAULTS.dataPlanes);
  const refused = (run: string) =>
    held(run).then(
      () => '',
      (error: unknown) => String(error),
    );
  const before = await stateOf(leaves);
  await using connection = await connect(machines.leafa.machine);
  const keeper = farKeeper(connection, 'two-linux-leaves-local', 90);

  // Somebody else has the lease: nothing is touched.
  {
    await using other = await takeLease(keeper, { ...HOLDER, who: 'night' });
    expect(await refused('ours')).toContain('could not be taken: it is held by night');
    await expect.poll(() => stateOf(leaves), { timeout: GIVEN_BACK_MS }).toEqual(before);
    await other.give();
  }

  // Without a hold nothing is opened.
  await expect(bindSshTestbed({ binding }, DEFAULTS.dataPlanes)).rejects.toThrow('only by who holds their lease');

  // A harness that is killed, and its guards, too: what it had made is in the journal, and is undone.
  const killedHarness = async () => {
    const hold = await held('ours');
    expect(hold.repaired).toEqual([]);
    expect(await keeper.show()).toMatchObject({ is: 'held', holder: { run: 'ours' } });
    const harness = spawn(
      process.execPath,
      [join(PACKAGE_ROOT, 'dist/lib/conformance/testing/doomedHarness.js'), 'ssh', binding],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, [HOLD_VARIABLE]: hold.pass } },
    );
    await once(harness.stdout, 'data');
    harness.kill('SIGKILL');
    await once(harness, 'exit');
    for (const machine of Object.values(machines)) await machine.inside('sh', '-c', GUARDS);
    expect(await stateOf(leaves)).not.toEqual(before);
    const { open } = readJournal(state);
    expect(
      open
        .slice(0, 3)
        .map(({ machine }) => machine)
        .sort(),
    ).toEqual(['leafa', 'leafb', 'server']);
    const { repaired, differs } = await hold.end();
    expect(differs).toEqual([]);
    for (const machine of ['server', 'leafa', 'leafb'])
      expect(repaired).toContainEqual(
        expect.stringMatching(new RegExp(`^${machine}: a lab for .* \\(ours, .*: undone$`)),
      );
    expect(readJournal(state).open).toEqual([]);
    await expect.poll(() => stateOf(leaves), { timeout: GIVEN_BACK_MS }).toEqual(before);
    expect(await keeper.show()).toMatchObject({ is: 'free' });
  };

  // A machine whose guard was killed: nothing more is done there, and what was made is undone by the journal.
  const killedGuard = async () => {
    const hold = await held('ours');
    const testbed = await bindSshTestbed({ binding, hold: hold.pass }, DEFAULTS.dataPlanes);
    const lab = await testbed.open({ topology: await defaultTopology() });
    await machines.leafb.inside('sh', '-c', GUARDS);
    const [leg] = lab.links;
    if (leg === undefined) throw new Error('a lab without links');
    await expect(lab.apply(need(leg.cut)())).rejects.toThrow(/^leafb: the guard of a change has ended/);
    await expect(lab[Symbol.asyncDispose]()).rejects.toThrow(
      'leafb: what was changed could not be undone: its guard was killed',
    );
    await testbed[Symbol.asyncDispose]();
    const { repaired, differs } = await hold.end();
    expect(differs).toEqual([]);
    expect(repaired).toContainEqual(expect.stringMatching(/^leafb: a lab for .*: undone$/));
    expect(repaired).toContainEqual(expect.stringMatching(/^leafb: a guard was killed .*; its folder is removed$/));
    await expect.poll(() => stateOf(leaves), { timeout: GIVEN_BACK_MS }).toEqual(before);
  };
  for (const part of someOf([killedHarness, killedGuard], 1, Math.random)) await part();

  // Somebody else took the lease meanwhile: nothing more is touched, and the guards give back.
  {
    const short = await leaves.change('short', (text) => text.replace('at: leafa }', 'at: leafa, ttl: 30s }'));
    const hold = await holdMachines({ binding: short, run: 'ours' }, DEFAULTS.dataPlanes);
    // What the machines say of themselves, to the letter, and again.
    const said = (await hold.inventory?.()) ?? [];
    const of = (machine: string, command: RegExp) =>
      said.find((one) => one.machine === machine && command.test(one.command));
    for (const machine of ['server', 'leafa', 'leafb']) {
      expect(of(machine, /^uname -a$/)?.stdout).toContain('Linux');
      // Not every machine has it; then that is what is kept.
      const driver = of(machine, /^ethtool -i /);
      expect(driver?.code === 0 ? driver.stdout : driver?.stderr).toMatch(/^driver: |not found|No such file/m);
    }
    expect(await hold.inventory?.()).toEqual(said);
    const testbed = await bindSshTestbed({ binding: short, hold: hold.pass }, DEFAULTS.dataPlanes);
    const lab = await testbed.open({ topology: await defaultTopology() });
    const [node] = lab.nodes;
    const [first, second] = lab.topology.legs;
    if (first === undefined || second === undefined) throw new Error('a host without two legs');

    // Each fault is in the journal while it is in force; the last leg stays.
    const inForce = () =>
      readJournal(state)
        .open.filter(({ what }) => !what.startsWith('a lab for'))
        .map(({ machine, what }) => `${machine}: ${what}`);
    const cut = await lab.apply(need(lab.link(first.name).cut)());
    expect(inForce()).toEqual([`leafa: ${first.name}: the cable is out`]);
    for (const change of [need(lab.link(second.name).cut)(), need(lab.link(second.name).shut)('a')])
      await expect(lab.apply(change)).rejects.toThrow(`${second.name} is the last leg that is up`);
    expect(inForce()).toEqual([`leafa: ${first.name}: the cable is out`]);
    await cut.undo();
    expect(inForce()).toEqual([]);
    const lossy = wireChange(
      { name: 'lose', title: 'frames are lost' },
      { lab, leg: second },
      ['to-leaf', 'to-host'],
      'drop',
    );
    const lost = await lab.apply(lossy);
    expect(inForce().sort()).toEqual([`leafb: ${lossy.name}`, `server: ${lossy.name}`]);
    await lost.undo();
    expect(inForce()).toEqual([]);

    await machines.leafa.inside('sh', '-c', 'rm -r /tmp/everyleaf-leases');
    await using other = await takeLease(keeper, { ...HOLDER, who: 'night' });
    const tried = () =>
      node?.exec(['true']).then(
        () => 'done',
        (error: unknown) => String(error),
      );
    await expect.poll(tried, { timeout: GIVEN_BACK_MS }).toContain('was lost: it is held by night');
    const logged = machines.leafa.log().length;
    await expect(lab.reset()).rejects.toThrow('was lost: it is held by night');
    await expect(hold.end()).rejects.toThrow('was lost: it is held by night');
    await testbed[Symbol.asyncDispose]();
    expect(machines.leafa.log().slice(logged), 'a new login').not.toContain('Accepted');
    await expect.poll(() => stateOf(leaves), { timeout: GIVEN_BACK_MS }).toEqual(before);
    expect(readJournal(state).open.length).toBeGreaterThan(0);
    await other.give();
  }

  // What is not as it was makes the binding unwell, until somebody has looked.
  {
    // Nothing has to settle.
    const hold = await holdMachines({ binding, run: 'ours', settleMs: 0 }, DEFAULTS.dataPlanes);
    expect(hold.repaired.join()).toContain('a lab for');
    await machines.leafa.inside('ip', 'link', 'set', 'swp1', 'mtu', '1400');
    expect((await hold.end()).differs).toEqual(['leafa: swp1 mtu was 1500, is 1400']);
    await machines.leafa.inside('ip', 'link', 'set', 'swp1', 'mtu', '1500');
    expect(await refused('next')).toMatch(
      /two-linux-leaves-local is unwell since .* \(ours\): leafa: swp1 mtu was 1500/,
    );
    expect(await keeper.show()).toMatchObject({ is: 'free' });
    await rm(join(state, 'unwell.json'));
    await (await held('next')).end();
  }
});
