import { expect, test } from '@playwright/test';
import { lacking, LackError } from '../../capability.js';
import type { Node } from '../../node.js';
import { untouchedNode } from './node.js';

const ran: string[] = [];
const NODE: Node = {
  name: 'host',
  clock: { id: 'here', now: () => Promise.resolve('0'), offset: () => Promise.resolve({ ns: 0n, errorNs: 0n }) },
  scratch: '/tmp',
  exec: (argv) => {
    ran.push(argv.join(' '));
    return Promise.resolve({ code: 0, signal: null, stdout: '', stderr: '' });
  },
  spawn: (argv) => Promise.reject(new Error(argv.join(' '))),
  deploy: () => Promise.resolve(lacking({ what: '', command: '', output: '' })),
  terminal: lacking({ what: '', command: '', output: '' }),
  shortcuts: {},
};

test('on a node that is installed only commands that look are run, and those that its binding names', async () => {
  const version = ['sh', '-c', 'rpm -q vendor-neigh'];
  const node = untouchedNode(NODE, [version]);
  const allowed = [
    ['ip', '-o', 'link', 'show', 'dev', 'eth1'],
    ['ip', '-d', '-o', 'link', 'show', 'dev', 'eth1'],
    ['ip', 'neigh', 'show'],
    ['cat', '/proc/net/dev'],
    version,
  ];
  for (const argv of allowed) await node.exec(argv);
  expect(ran).toEqual(allowed.map((argv) => argv.join(' ')));
  const refused = [
    ['ip', 'link', 'set', 'dev', 'eth1', 'down'],
    ['ip', 'link', 'set', 'dev', 'show', 'down'],
    ['ip', '-batch', '-'],
    ['ip', '-n', 'vm1', 'link', 'set', 'dev', 'eth0', 'down'],
    ['ip', 'netns', 'exec', 'vm1', 'reboot'],
    ['ip', 'neigh', 'flush', 'dev', 'br0'],
    ['sh', '-c', 'cat /etc/passwd'],
    [...version, 'more'],
    ['nft', '-f', '-'],
    [],
  ];
  for (const argv of refused) {
    await expect(node.exec(argv), argv.join(' ')).rejects.toThrow(LackError);
    await expect(node.spawn(argv), argv.join(' ')).rejects.toThrow(LackError);
  }
  expect(ran).toHaveLength(allowed.length);
});

test('a leaf that is installed may ask its neighbors, and nobody else may', async () => {
  const asks = [
    ['ping', '-n', '-q', '-c', '1', '-W', '1', '203.0.113.1'],
    ['ping', '-n', '-q', '-c', '1', '-W', '1', '-I', '2001:db8::fa', '2001:db8::1'],
    ['ip', 'neigh', 'change', '203.0.113.1', 'dev', 'br0', 'nud', 'probe'],
  ];
  for (const argv of asks) {
    await untouchedNode(NODE, [], true).exec(argv);
    await expect(untouchedNode(NODE, []).exec(argv)).rejects.toThrow(LackError);
  }
  for (const argv of [
    ['ping', '-f', '203.0.113.1'],
    ['ping', '-n', '-q', '-c', '1', '-W', '1', '203.0.113.1', '-f'],
    ['ip', 'neigh', 'change', '203.0.113.1', 'dev', 'br0', 'nud', 'permanent'],
    ['ip', 'neigh', 'del', '203.0.113.1', 'dev', 'br0'],
  ])
    await expect(untouchedNode(NODE, [], true).exec(argv), argv.join(' ')).rejects.toThrow(LackError);
});
