import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { droppedBetween } from '../../capture/switchDrops.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { loadTopology } from '../../run/loadTopology.js';
import { controlFrame } from '../../wire/control.js';
import { defaultPlane, openDefaultTestbed } from '../../testing/defaultLab.js';

/** Dropped by every bridge that gets to read it. */
const flood = Array.from({ length: 2_000 }, (_, id) =>
  controlFrame({ source: '02:00:00:00:00:99', destination: '01:80:c2:00:00:0f', salt: 1, id }),
);

test('what a switch that gets no time loses at its input is told, as often as one asks, and only for that switch', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({
    topology: await loadTopology(join(PACKAGE_ROOT, 'topologies/dual-leaf.yaml')),
  });
  await defaultPlane('balance-tcp').raise(lab);
  const [leg] = lab.topology.legs;
  if (leg === undefined) throw new Error('no leg');
  const host = lab.node(lab.topology.host.node);
  const leaf = lab.node(leg.leaf);
  const before = await Promise.all([host.socketDrops(), leaf.socketDrops()]);
  expect(before[0].inputs?.length).toBeGreaterThan(0);
  expect(before[1].inputs?.length).toBeGreaterThan(0);
  const signal = (name: string) =>
    leaf.exec(['sh', '-c', `kill -${name} $(pgrep -f '^ovs-vswitchd.*${leaf.runFolder}/')`]);
  await signal('STOP');
  await host.inject(leg.hostPort, flood, 100_000);
  const [hostThen, leafThen] = await Promise.all([host.socketDrops(), leaf.socketDrops()]);
  await signal('CONT');
  const lost = droppedBetween(before[1], leafThen) ?? 0;
  expect(lost).toBeGreaterThan(100);
  expect(lost).toBeLessThan(flood.length);
  expect(droppedBetween(before[0], hostThen)).toBe(0);
  // The switch's own statistics are not taken from it, and nothing is set back; it may have lost an LACPDU more before it was through.
  expect(droppedBetween(before[1], await leaf.socketDrops())).toBeGreaterThanOrEqual(lost);
});

test('what a receiver has no room for is told', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({
    topology: await loadTopology(join(PACKAGE_ROOT, 'topologies/dual-leaf.yaml')),
  });
  const vm = lab.node(lab.topology.vms[0]?.node ?? '');
  const before = await vm.socketDrops();
  const script = `import { createSocket } from 'node:dgram';
for (const [type, address] of [['udp4', '127.0.0.1'], ['udp6', '::1']]) {
  const deaf = createSocket({ type, recvBufferSize: 2048 });
  await new Promise((resolve) => deaf.bind(0, address, resolve));
  const speaker = createSocket(type);
  let left = 200;
  await new Promise((resolve) => { for (let i = left; i > 0; i--) speaker.send(Buffer.alloc(512), deaf.address().port, address, () => { if (--left === 0) resolve(); }); });
}
process.exit(0);`;
  await vm.sysctl({ 'net/ipv6/conf/lo/disable_ipv6': '0' });
  await vm.exec(['ip', 'link', 'set', 'lo', 'up']);
  await vm.exec([process.execPath, '--input-type=module', '-e', script]);
  expect((await vm.socketDrops()).udp - before.udp).toBeGreaterThan(100);
});
