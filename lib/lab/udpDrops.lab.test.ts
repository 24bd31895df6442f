import { expect, test } from '@playwright/test';
import { defaultTopology, openDefaultTestbed } from '../testing/defaultLab.js';
import { setSysctls } from './sysctl.js';
import { udpDrops } from './udpDrops.js';

test('what a receiver has no room for is told', async () => {
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({
    topology: await defaultTopology(),
  });
  const vm = lab.node(lab.topology.vms[0]?.node ?? '');
  const before = await udpDrops(vm);
  const script = `import { createSocket } from 'node:dgram';
for (const [type, address] of [['udp4', '127.0.0.1'], ['udp6', '::1']]) {
  const deaf = createSocket({ type, recvBufferSize: 2048 });
  await new Promise((resolve) => deaf.bind(0, address, resolve));
  const speaker = createSocket(type);
  let left = 200;
  await new Promise((resolve) => { for (let i = left; i > 0; i--) speaker.send(Buffer.alloc(512), deaf.address().port, address, () => { if (--left === 0) resolve(); }); });
}
process.exit(0);`;
  await setSysctls(vm, { 'net/ipv6/conf/lo/disable_ipv6': '0' });
  await vm.exec(['ip', 'link', 'set', 'lo', 'up']);
  await vm.exec([process.execPath, '--input-type=module', '-e', script]);
  expect((await udpDrops(vm)) - before).toBeGreaterThan(100);
});
