import { expect, test } from '@playwright/test';
import { droppedBetween } from '../capture/switchDrops.js';
import { defaultTopology, bringUpDefault, openDefaultTestbed } from '../testing/defaultLab.js';
import { controlFrame } from '../wire/control.js';
import { readInputDrops } from './inputDrops.js';
import type { InputDrops } from '../dataplane/plane.js';
import type { Node } from '../testbed/node.js';
import { need } from '../testbed/capability.js';

/** Dropped by every bridge that gets to read it. */
const flood = Array.from({ length: 2_000 }, (_, id) =>
  controlFrame({ source: '02:00:00:00:00:99', destination: '01:80:c2:00:00:0f', salt: 1, id }),
);

/** By the shortcut. Asked afterwards, ss(8) must tell the same sockets, which may have lost an LACPDU more. */
async function inputDrops(node: Node): Promise<readonly InputDrops[] | null> {
  const ovs = { node, pidFile: `${node.scratch}/ovs/vswitchd.pid` };
  const quickly = await readInputDrops(ovs);
  const slowly = await readInputDrops({ ...ovs, node: { ...node, shortcuts: {} } });
  const byId = (drops: readonly InputDrops[] | null) => new Map(drops?.map(({ id, dropped }) => [id, dropped]));
  expect([...byId(quickly).keys()].sort(), node.name).toEqual([...byId(slowly).keys()].sort());
  for (const [id, dropped] of byId(slowly)) {
    expect(byId(quickly).get(id), node.name).toBeLessThanOrEqual(dropped);
    expect(byId(quickly).get(id), node.name).toBeGreaterThanOrEqual(dropped - 2);
  }
  return quickly;
}

test('a switch that does not run has no input sockets', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({ topology: await defaultTopology() });
  expect(await inputDrops(lab.node(lab.topology.host.node))).toEqual([]);
});

test('what a switch that gets no time loses at its input is told, as often as one asks, and only for that switch', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({
    topology: await defaultTopology(),
  });
  await bringUpDefault(lab);
  const [leg] = lab.topology.legs;
  if (leg === undefined) throw new Error('no leg');
  const host = lab.node(lab.topology.host.node);
  const leaf = lab.node(leg.leaf);
  const before = await Promise.all([inputDrops(host), inputDrops(leaf)]);
  expect(before[0]?.length).toBeGreaterThan(0);
  expect(before[1]?.length).toBeGreaterThan(0);
  const signal = (name: string) =>
    leaf.exec(['sh', '-c', `kill -${name} $(pgrep -f '^ovs-vswitchd.*${leaf.scratch}/')`]);
  await signal('STOP');
  await need(lab.port(host.name, leg.hostPort).inject)(flood, 100_000);
  const [hostThen, leafThen] = await Promise.all([inputDrops(host), inputDrops(leaf)]);
  await signal('CONT');
  const lost = droppedBetween(before[1], leafThen) ?? 0;
  expect(lost).toBeGreaterThan(100);
  expect(lost).toBeLessThan(flood.length);
  expect(droppedBetween(before[0], hostThen)).toBe(0);
  // The switch's own statistics are not taken from it, and nothing is set back; it may have lost an LACPDU more before
  // it was through.
  expect(droppedBetween(before[1], await inputDrops(leaf))).toBeGreaterThanOrEqual(lost);
});
