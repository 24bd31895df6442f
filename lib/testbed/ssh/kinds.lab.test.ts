import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import { judgeEvidence } from '../../evidence/judge.js';
import { readEvidence } from '../../evidence/read.js';
import { testbedNamed } from '../../registries.js';
import { replicatorNamed } from '../../replicator/find.js';
import { installRestartable } from '../../replicator/restartable.js';
import { bringUpDefault, defaultTopology } from '../../testing/defaultLab.js';
import { WHOLE_RUNS_MS } from '../../testing/limits.js';
import { startStopwatch } from '../../trial/stopwatch.js';
import { openTrial } from '../../trial/trial.js';
import { need } from '../capability.js';
import { bringUpTwoLeaves, type TwoLeaves } from './testing/twoLeaves.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');
// It takes half a minute.
test.skip(process.env['EVERYLEAF_SSH_RUNS'] === undefined, 'set EVERYLEAF_SSH_RUNS=1');
test.describe.configure({ timeout: WHOLE_RUNS_MS });

/** What a lab could leave there. A carrier that comes back takes a moment. */
async function stateOf({ machines }: TwoLeaves): Promise<readonly string[]> {
  const script = `ip -o link | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/NO-CARRIER,//; s/ state [A-Z]*//'; ip netns list; ls /tmp /run | grep everyleaf | grep -v leases || :`;
  const looks = Object.values(machines).map(async (machine) => [
    await machine.inside('sh', '-c', script),
    ...machine.processes(),
  ]);
  return (await Promise.all(looks)).flat();
}

test('a lab on machines of other kinds: dropbear, busybox as shell, no python3 on the host, sudo instead of root', async ({}, info) => {
  await using leaves = await bringUpTwoLeaves({
    server: { shell: 'busybox', busyboxDate: true, without: ['python3'] },
    leafa: { server: 'dropbear', shell: 'busybox' },
    leafb: { user: 'qa', sudo: true },
  });
  const binding = await leaves.change('kinds', (text) =>
    text.replace(/(leafb: .*)user: root/, '$1user: qa, sudo: true'),
  );
  const before = await stateOf(leaves);
  const kind = testbedNamed('ssh', DEFAULTS);
  const hold = await kind.hold?.({ binding, run: 'kinds' });
  try {
    await using testbed = await kind.open({ binding, hold: hold?.pass });
    await using lab = await testbed.open({ topology: await defaultTopology() });
    // Calibration has sent frames of each kind on both legs: nothing of them is lost on any machine.
    expect(Object.keys(lab.vantages ?? {})).toEqual(['leaf-a', 'leaf-b']);
    const plane = await bringUpDefault(lab);
    const replicator = replicatorNamed('ovs-group', DEFAULTS);
    await using installed = await installRestartable(replicator, { lab, plane });
    const folder = join(info.outputPath(), 'trial');
    const trial = await openTrial({
      ...{ lab, plane, replicator, installed, folder, faults: DEFAULTS.faults, intent: { type: 'qualify' } },
      ...{ scenario: 'machines of other kinds', testbed: 'ssh', environment: {}, stopwatch: startStopwatch() },
      ...{ witnesses: [], watchLegs: false },
    });
    await trial.send(['arp-request-broadcast', 'arp-reply-unicast', 'ns-multicast', 'na-solicited'], { copies: 2 });
    await trial.close();
    const { verdict, totals, reasons } = judgeEvidence(readEvidence(folder));
    expect([verdict, totals.missing, totals.duplicate], reasons.join('; ')).toEqual(['pass', 0, 0]);
    expect(totals.delivered).toBeGreaterThan(0);
    // Each leaf takes its own carrier away, and gives it back.
    for (const leg of lab.topology.legs) await (await lab.apply(need(lab.link(leg.name).cut)())).undo();
  } finally {
    await hold?.end();
  }
  await expect.poll(() => stateOf(leaves)).toEqual(before);
});
