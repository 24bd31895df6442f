import { expect, test } from '@playwright/test';
import { connect } from '../ssh/connect.js';
import { openTestNetwork } from '../ssh/testing/network.js';
import { probeWays } from './ways.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');

test('the interfaces that carry the way to a machine, or through it to another one, with all that they are made of', async () => {
  await using network = await openTestNetwork();
  const gw = await network.boot('gw');
  const leaf = await network.boot('leafa', { behind: gw, server: 'dropbear', shell: 'busybox' });
  // In-band: the address is on a bridge of the port.
  for (const words of [
    'link add br9 type bridge',
    'link set br9 up',
    `addr del ${leaf.address}/30 dev mgmt`,
    `addr add ${leaf.address}/30 dev br9`,
    'link set mgmt master br9',
    'link add x0 type veth peer name y0',
  ])
    await leaf.inside('ip', ...words.split(' '));
  await using gateway = await connect(gw.machine);
  await using behind = await connect(leaf.machine);
  const connections = new Map([
    ['gw', gateway],
    ['leafa', behind],
  ]);
  const ways = await probeWays(connections);
  expect(ways.get('gw')).toEqual({ carriers: ['mgmt', 'to-leafa'], said: '' });
  expect(ways.get('leafa')).toEqual({ carriers: ['br9', 'mgmt'], said: '' });
  // There, as some shells of busybox have an ip of their own.
  await gw.inside('sh', '-c', 'mount --bind /dev/null "$(command -v ip)"');
  const { carriers, said } = (await probeWays(connections)).get('gw') ?? {};
  expect(carriers).toBeNull();
  expect(said).not.toBe('');
});
