import { expect, test } from '@playwright/test';
import type { AgentClient } from '../../agent/client.js';
import { linkLines } from '../../lab/links.js';
import { nicFacts } from '../../lab/nics.js';
import { madeUpLab } from '../../lab/testing/madeUpLab.js';
import { defaultTopology } from '../../testing/defaultLab.js';
import { unmetNeeds, wiringNeeds } from '../needs.js';
import { droppedIn, guestCables } from './cables.js';

test('both ends of each leg get a NIC with its name, MAC and queues, and give it back', async () => {
  const topology = await defaultTopology('virtio.yaml');
  const done: string[] = [];
  const asked: unknown[] = [];
  const agent = {
    send: (bytes: Buffer) => bytes,
    call(_: string, { node, argv, input }: { node: string | null; argv: string[]; input: Buffer }) {
      done.push(
        ...input
          .toString()
          .split('\n')
          .map((line) => `${node ?? '-'} ${argv[0]}: ${line}`),
      );
      return Promise.resolve({ code: 0, stderr: '' });
    },
  } as never as AgentClient;
  const live = { pid: 0, ask: (...words: unknown[]) => Promise.resolve(asked.push(words)) };
  const nics = guestCables(live, agent, 1)((node) => `1-${node}`);
  await nics.bring(topology);
  expect(done.splice(0)).toEqual([
    ...['cable0a', 'cable0b', 'cable1a', 'cable1b'].map((name) => `- sh: ethtool --set-channels ${name} combined 4`),
    '- ip: link set dev cable0a address 02:00:00:01:00:01 name up-a netns 1-host',
    '- ip: link set dev cable0b address 02:00:00:02:01:01 name to-host netns 1-leaf-a',
    '- ip: link set dev cable1a address 02:00:00:01:00:02 name up-b netns 1-host',
    '- ip: link set dev cable1b address 02:00:00:02:02:01 name to-host netns 1-leaf-b',
  ]);
  await nics.back(topology);
  expect(done.filter((line) => line.endsWith('netns 1'))).toEqual([
    '1-host ip: link set dev up-a name cable0a netns 1',
    '1-leaf-a ip: link set dev to-host name cable0b netns 1',
    '1-host ip: link set dev up-b name cable1a netns 1',
    '1-leaf-b ip: link set dev to-host name cable1b netns 1',
  ]);
  await nics.offered.cables?.setLink(1, 'b', false);
  expect(asked).toEqual([['set_link', { name: 'cable1b', up: false }]]);
  // There is no such process.
  expect(nics.offered.cables?.dropped(0, 'a')).toBeNull();
});

test('what a tap dropped is read from the list of interfaces', () => {
  const list = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
cable0a:     516       6    1    2    0     0          0         0      516       6    3    7    0     0       0          0
 cable0b:  516       6    0    0    0     0          0         0      516       6    0    0    0     0       0          0
`;
  expect(droppedIn(list, 'cable0a')).toBe(7);
  expect(droppedIn(list, 'cable0b')).toBe(0);
  expect(droppedIn(list, 'cable0')).toBeNull();
});

test('a lab makes no legs where these are cables, and every other link', async () => {
  const [virtio, veth] = await Promise.all([defaultTopology('virtio.yaml'), defaultTopology('multi-queue.yaml')]);
  const made = (topology: typeof veth) => linkLines(topology, (node) => node);
  const isLeg = (line: string) => line.includes('netns leaf-');
  expect(made(veth).filter(isLeg)).toHaveLength(2);
  expect(made(virtio)).toEqual(made(veth).filter((line) => !isLeg(line)));
});

test('a lab without such NICs is refused, and only where the topology wants them', async () => {
  const [virtio, veth] = await Promise.all([defaultTopology('virtio.yaml'), defaultTopology()]);
  expect(wiringNeeds(veth)).toEqual([]);
  expect(wiringNeeds(virtio)).toEqual(['nic:virtio']);
  const lab = madeUpLab({ topology: virtio });
  expect((await unmetNeeds(lab, wiringNeeds(virtio))).map(({ what }) => what)).toEqual([
    'virtio NICs at both ends of each leg',
  ]);
  expect(await unmetNeeds({ ...lab, cables: {} as never }, wiringNeeds(virtio))).toEqual([]);
});

test('the driver of each end is told, and another one is a finding', async () => {
  const [virtio, veth] = await Promise.all([defaultTopology('virtio.yaml'), defaultTopology()]);
  expect(await nicFacts(madeUpLab({ topology: veth }))).toEqual([]);
  const exec = (node: string) => ({ stdout: `driver: ${node === 'leaf-b' ? 'veth' : 'virtio_net'}\nversion: 1.0.0\n` });
  const facts = await nicFacts(madeUpLab({ topology: virtio, exec }));
  expect(facts.map(({ name, ok, value }) => `${name}: ${ok}: ${value}`)).toEqual([
    'NIC of host up-a: true: virtio_net',
    'NIC of leaf-a to-host: true: virtio_net',
    'NIC of host up-b: true: virtio_net',
    'NIC of leaf-b to-host: false: veth',
  ]);
  expect((await nicFacts(madeUpLab({ topology: virtio })))[0]).toMatchObject({ ok: false, value: 'no driver' });
});
