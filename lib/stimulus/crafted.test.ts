import { expect, test } from '@playwright/test';
import { defaultTopology } from '../testing/defaultLab.js';
import { sendersOf } from '../topology/senders.js';
import { craftFlows } from './crafted.js';
import { flowPathsOf } from './flowPath.js';

const FLOWS = 24;

test('flows by source use both ports of a bond that hashes the last byte of each MAC with the EtherType', async () => {
  const topology = await defaultTopology();
  for (const sender of sendersOf(topology))
    for (const flowPath of flowPathsOf(topology, sender)) {
      const frames = craftFlows(flowPath, 'data-udp', FLOWS, 'sources', { salt: 1, nextId: () => 1, group: '' }).map(
        ({ frame }) => Buffer.from(frame, 'hex'),
      );
      expect(new Set(frames.map((frame) => frame.toString('hex', 6, 12))).size).toBe(FLOWS);
      // drivers/net/bonding/bond_main.c, bond_eth_hash; what follows a tag.
      const typeAt = (frame: Buffer) => (frame.readUInt16BE(12) === 0x8100 ? 16 : 12);
      const second = frames.filter(
        (frame) => ((frame[5] ?? 0) ^ (frame[11] ?? 0) ^ frame.readUInt16BE(typeAt(frame))) % 2 === 1,
      );
      expect(second).toHaveLength(FLOWS / 2);
    }
});
