import { expect, test } from '@playwright/test';
import { FENCE, readPacket, writePacket } from './packet.js';

test('what is written is read', () => {
  for (const packet of [
    { stream: 0, flow: 0, sequence: 0 },
    { stream: 5, flow: 65_535, sequence: 70_000 },
    { stream: 65_535, flow: 1, sequence: FENCE },
  ]) {
    expect(readPacket(writePacket(packet))).toEqual(packet);
  }
});

test("somebody else's packets are not counted", () => {
  const own = writePacket({ stream: 1, flow: 2, sequence: 3 });
  expect(readPacket(own.subarray(0, 11))).toBeNull();
  expect(readPacket(Buffer.concat([own, Buffer.alloc(1)]))).toBeNull();
  expect(readPacket(Buffer.from(own).fill(0, 0, 1))).toBeNull();
});
