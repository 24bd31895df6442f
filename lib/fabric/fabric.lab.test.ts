import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ovsBond } from '../dataplane/ovs/bond.js';
import { DURATIONS } from '../durations.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { loadTopology } from '../run/loadTopology.js';
import { ageLeafTables } from '../tables/leafTables.js';
import { openNetnsTestbed } from '../testbed/netns/testbed.js';
import { until } from '../until.js';
import { probeFrr } from './frr.js';
import { followWithRoutes, isUsable } from './hostRoutes.js';
import { raiseFabric } from './raise.js';
import { watchSpine } from './spineRoutes.js';

test('a leaf announces a host route as long as it has the entry, and withdraws it with the entry', async () => {
  test.setTimeout(120_000);
  await using testbed = await openNetnsTestbed();
  await using lab = await testbed.open(await loadTopology(join(PACKAGE_ROOT, 'topologies/fabric.yaml')));
  const { fabric, leaves, vms } = lab.topology;
  if (fabric === undefined) throw new Error('no spine');
  const missing = await probeFrr(lab.node(fabric.spine));
  test.skip(missing !== null, `no FRR here: ${missing?.command ?? ''}: ${missing?.output ?? ''}`);
  await ovsBond('balance-tcp').raise(lab);
  await raiseFabric(lab, fabric);
  const tables = await ageLeafTables(lab);
  const routes = followWithRoutes(lab, tables);
  const both = vms[0]?.addresses[0];
  if (both === undefined) throw new Error('no VM with an address');
  const spine = await watchSpine(lab, fabric.spine, [both.ipv4, both.ipv6]);
  const names = leaves.map((leaf) => leaf.name).sort();
  for (const ip of [both.ipv4, both.ipv6]) {
    const over = async () => (await spine.now()).get(ip) ?? [];
    const table = async () => `${ip} over ${(await over()).join(' and ') || 'no leaf'}`;
    let last = '';
    // Sessions take seconds to come up; meanwhile the entries run out, for nobody replicates.
    await until(`${ip} to be announced by every leaf`, DURATIONS.fabricConvergence, async () => {
      last = await table();
      if ((await over()).join() === names.join()) return true;
      await tables.learn();
      return null;
    }, () => last);
    // The answers of a sender all go to one leaf; the other's entry fails.
    const [left = ''] = await until(`${ip} to be withdrawn by one leaf`, DURATIONS.fabricConvergence, async () => {
      last = await table();
      const now = await over();
      return now.length === 1 ? now : null;
    }, () => last);
    expect(names.filter((leaf) => isUsable(tables.state(leaf, ip))), ip).toEqual([left]);
  }
  await tables.stop();
  await routes.settled();
  await spine.stop();
  expect(spine.events.filter((event) => event.ip === both.ipv4).map((event) => event.leaves.length)).toContain(2);
});
