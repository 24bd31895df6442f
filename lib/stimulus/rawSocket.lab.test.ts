import { createRequire } from 'node:module';
import { expect, test } from '@playwright/test';
import { defaultTopology, bringUpDefault, openDefaultTestbed } from '../testing/defaultLab.js';
import { witnessedProbes } from './witnessed.js';
import { need } from '../testbed/capability.js';

/**
 * A Neighbor Solicitation for `target`, without checksum: the kernel of a raw ICMPv6 socket writes that (RFC 3542 3.1).
 */
const SEND = `
const raw = require(process.argv[1]);
const [source, target] = [process.argv[2], process.argv[3]];
const bytes = (ip) => { const [head, tail = ''] = ip.split('::'); const h = head.split(':').filter(Boolean), t = tail.split(':').filter(Boolean);
  return Buffer.from([...h, ...Array(8 - h.length - t.length).fill('0'), ...t].map((w) => w.padStart(4, '0')).join(''), 'hex'); };
const message = Buffer.concat([Buffer.from([135, 0, 0, 0, 0, 0, 0, 0]), bytes(target), Buffer.from([1, 1, 2, 0, 0, 0, 1, 0x0a])]);
const socket = raw.createSocket({ protocol: raw.Protocol.ICMPv6, addressFamily: raw.AddressFamily.IPv6 });
// IPV6_UNICAST_HOPS of linux/in6.h: ND is taken only with a hop limit of 255 (RFC 4861 7.1.1).
socket.setOption(41, 16, 255);
socket.send(message, 0, message.length, target, (error) => { socket.close(); if (error) { console.error(String(error)); process.exitCode = 1; } });
`;

test('a solicitation that another program sends through the stack is witnessed, and classified', async () => {
  const require = createRequire(import.meta.url);
  let module = '';
  try {
    module = require.resolve('raw-socket');
    require(module);
  } catch (error) {
    test.skip(
      true,
      `require('raw-socket'): ${String(error).split('\n')[0] ?? ''} (it is compiled where it is installed, and needs g++)`,
    );
  }
  await using testbed = await openDefaultTestbed();
  await using lab = await testbed.open({
    topology: await defaultTopology(),
  });
  await bringUpDefault(lab);
  const node = lab.node('vm1');
  const gateway = '2001:db8:20::1';
  await node.exec([
    'ip',
    'neigh',
    'replace',
    gateway,
    'lladdr',
    lab.topology.leaves[0]?.gatewayMac ?? '',
    'dev',
    'eth0',
    'nud',
    'permanent',
  ]);
  const salt = 4711;
  const captured: Uint8Array[] = [];
  const sink = { write: (chunk: Uint8Array) => void captured.push(chunk.slice()), end: () => undefined };
  const capture = await need(lab.port('vm1', 'eth0').tap).open({ direction: 'out', salt, sink });
  expect(capture.ready).not.toBeNull();
  const fromNs = BigInt(await lab.now());
  await node.exec([process.execPath, '-e', SEND, module, '2001:db8:20::11', gateway]);
  const toNs = BigInt(await lab.now());
  await capture.stop();
  let id = 0;
  const probes = witnessedProbes(captured, {
    sender: 'vm1',
    group: 'raw',
    salt,
    wireTags: [],
    nextId: () => ++id,
    fromNs,
    toNs,
  });
  expect(probes.map((probe) => probe.kind)).toEqual(['ns-unicast']);
  expect(probes[0]?.frame.slice(12, 24)).toBe('02000000010a');
});
