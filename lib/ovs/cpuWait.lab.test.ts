import { expect, test } from '@playwright/test';
import { DURATIONS } from '../durations.js';
import { bringUpDefault, defaultTopology, openDefaultTestbed } from '../testing/defaultLab.js';
import { need } from '../testbed/capability.js';
import { until } from '../until.js';

/** Beside the switch on one CPU. */
const BUSY = ['sh', '-c', 'while :; do :; done'];

test('a switch that shares its CPU is seen to wait for it, and one that is being restarted says nothing', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology: await defaultTopology() });
  const plane = await bringUpDefault(lab);
  const host = lab.node(lab.topology.host.node);
  if (plane.cpuWait === undefined) throw new Error('nobody forwards');
  const read = need(plane.cpuWait);
  const before = await read();
  if (before === null) throw new Error('the kernel does not count');
  const pids = await host.exec(['sh', '-c', `cat ${host.scratch}/ovs/vswitchd.pid`]);
  const pid = pids.stdout.trim();
  await host.exec(['taskset', '-a', '-p', '-c', '0', pid]);
  const busy = await Promise.all([1, 2, 3].map(() => host.spawn(['taskset', '-c', '0', ...BUSY])));
  // Each look wakes the switch, which then has to wait for its turn.
  const waited = await until('the switch to wait for a CPU', DURATIONS.daemonStart, async () => {
    await plane.members();
    const after = await read();
    return after !== null && after - before > 1e6 ? after - before : null;
  });
  expect(waited).toBeGreaterThan(1e6);
  await Promise.all(busy.map((process) => process.stop('SIGKILL')));
  await host.exec(['sh', '-c', `kill -KILL ${pid}`]);
  await until('nothing to be read', DURATIONS.daemonStart, async () => ((await read()) === null ? true : null));
});
