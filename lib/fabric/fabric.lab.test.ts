import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { DURATIONS } from '../durations.js';
import { DEFAULTS } from '../defaults.js';
import { replicatorNamed } from '../replicator/find.js';
import { ageLeafTables } from '../tables/leafTables.js';
import { TestbedError } from '../testbed/error.js';
import { defaultTopology, bringUpDefault, openDefaultTestbed } from '../testing/defaultLab.js';
import { until } from '../until.js';
import { probeFrr } from './frr.js';
import { startFabric } from './fabric.js';
import { followWithRoutes, isUsable } from './hostRoutes.js';
import { raiseFabric } from './raise.js';
import { awaitSessions } from './sessions.js';
import { watchSpine } from './spineRoutes.js';
import { HANGS_MS, WHOLE_RUNS_MS } from '../testing/limits.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });

test('a leaf announces a host route as long as it has the entry, and withdraws it with the entry', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology: await defaultTopology('fabric.yaml') });
  const { fabric, leaves, vms } = lab.topology;
  if (fabric === undefined) throw new Error('no spine');
  const missing = await probeFrr(lab.node(fabric.spine));
  test.skip(missing !== null, `no FRR here: ${missing?.command ?? ''}: ${missing?.output ?? ''}`);
  await bringUpDefault(lab);
  await raiseFabric(lab, fabric);
  const tables = await ageLeafTables(lab);
  const routes = followWithRoutes(lab, tables);
  const both = vms[0]?.addresses[0];
  if (both === undefined) throw new Error('no VM with an address');
  const spine = await watchSpine(lab, fabric.spine, [both.ipv4, both.ipv6]);
  const names = leaves.map((leaf) => leaf.name).sort();
  // Entries come and go without a replicator: that both leaves have one at the same time takes luck.
  for (const ip of [both.ipv4, both.ipv6]) {
    const over = async () => (await spine.now()).get(ip) ?? [];
    const table = async () => `${ip} over ${(await over()).join(' and ') || 'no leaf'}`;
    let last = '';
    // Sessions take seconds to come up; meanwhile the entries run out, for nobody replicates.
    await until(
      `${ip} to be announced by every leaf`,
      HANGS_MS,
      async () => {
        last = await table();
        if ((await over()).join() === names.join()) return true;
        await tables.learn();
        return null;
      },
      () => last,
    );
    // The answers of a sender all go to one leaf; the other's entry fails.
    const [left = ''] = await until(
      `${ip} to be withdrawn by one leaf`,
      HANGS_MS,
      async () => {
        last = await table();
        const now = await over();
        return now.length === 1 ? now : null;
      },
      () => last,
    );
    expect(
      names.filter((leaf) => isUsable(tables.state(leaf, ip))),
      ip,
    ).toEqual([left]);
  }
  await tables.stop();
  await routes.settled();
  await spine.stop();
  expect(spine.events.filter((event) => event.ip === both.ipv4).map((event) => event.leaves.length)).toContain(2);
});

test('a leaf whose sessions come up late has its whole time for the routes, and one whose sessions never come up breaks the experiment', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology: await defaultTopology('fabric.yaml') });
  const { fabric, legs } = lab.topology;
  if (fabric === undefined) throw new Error('no spine');
  const missing = await probeFrr(lab.node(fabric.spine));
  test.skip(missing !== null, `no FRR here: ${missing?.command ?? ''}: ${missing?.output ?? ''}`);
  const plane = await bringUpDefault(lab);
  await using replicator = await replicatorNamed('ovs-group', DEFAULTS).install({ lab, plane });
  const node = lab.node('leaf-a');
  const none = { node, ipv4: '192.0.2.0', ipv6: '2001:db8::' };
  await expect(awaitSessions([none], 10)).rejects.toThrow(TestbedError);
  const running = await startFabric(lab);
  const leg = legs.find((one) => one.leaf === 'leaf-a');
  const carrier = async (state: 'up' | 'down') => {
    await node.exec(['ip', 'link', 'set', 'dev', leg?.leafPort ?? '', state]);
  };
  await running.leafDown('leaf-a', () => carrier('down'));
  const bgpd = async (signal: string) => {
    await node.exec(['sh', '-c', `kill -${signal} $(cat ${node.scratch}/frr/bgpd.pid)`]);
  };
  await bgpd('STOP');
  // As late as a machine would be that has no time for it: later than the routes are waited for.
  const late = wait(DURATIONS.leafReturn + 2 * DURATIONS.streamDrain).then(() => bgpd('CONT'));
  await Promise.all([late, running.leafUp('leaf-a', () => carrier('up'))]);
  const { traffic } = await running.stop();
  expect(replicator.broken()).toBeNull();
  // Whether the IPv4 ones came before the VMs spoke is a matter of how busy this machine is.
  expect(traffic.outages.at(-1)?.what).toMatch(/every IPv6 one after .*, when each sender had spoken once/);
  expect(
    traffic.routes
      .filter(({ leaves }) => leaves.length === 2)
      .map(({ ip }) => ip)
      .sort(),
  ).toEqual(expect.arrayContaining([...traffic.wanted].sort()));
});
