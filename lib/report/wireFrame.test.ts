import { expect, test } from '@playwright/test';
import { fromHex, hex } from '../wire/bytes.js';
import { dueOnWire } from './wireFrame.js';

const ADDRESSES = 'ffffffffffff02000000020a';

test('an access port pushes its tag behind the addresses', () => {
  const due = dueOnWire(fromHex(`${ADDRESSES}0806aabb`), [{ tpid: 0x8100, vid: 10, pcp: 5, dei: true }]);
  expect(hex(due)).toBe(`${ADDRESSES}8100b00a0806aabb`);
});

test('declared tags replace those that were sent, QinQ outermost first', () => {
  const sent = fromHex(`${ADDRESSES}8100000a0806aabb`);
  expect(hex(dueOnWire(sent, []))).toBe(`${ADDRESSES}0806aabb`);
  expect(
    hex(
      dueOnWire(sent, [
        { tpid: 0x88a8, vid: 2, pcp: 0, dei: false },
        { tpid: 0x8100, vid: 10, pcp: 0, dei: false },
      ]),
    ),
  ).toBe(`${ADDRESSES}88a800028100000a0806aabb`);
});
