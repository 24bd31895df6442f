import { expect, test } from '@playwright/test';
import { controlFrame } from './control.js';
import { WireError } from './error.js';
import { findToken, readToken, readTokenSalt, TOKEN_BYTES, writeToken } from './token.js';

for (const [salt, id] of [
  [0, 0],
  [0xdeadbeef, 0xffffffff],
  [-1, 0x80000000],
  [1, 7],
] as const) {
  test(`salt ${salt} and id ${id} come back`, () => {
    const frame = new Uint8Array(70);
    writeToken(frame.subarray(5, 65), salt, id);
    expect(readToken(frame, 5, 60, salt)).toBe(id);
    expect(readToken(frame, 5, 60, salt >>> 0)).toBe(id);
    expect(readTokenSalt(frame, 5, 60)).toBe(salt >>> 0);
    expect(readToken(frame, 5, 60, salt ^ 1)).toBe(-1);
    expect(readToken(frame, 5, 59, salt)).toBe(-1);
    expect(readToken(frame, 4, 60, salt)).toBe(-1);
  });
}

test('each byte of the magic counts', () => {
  for (let i = 0; i < 4; i++) {
    const frame = new Uint8Array(TOKEN_BYTES);
    writeToken(frame, 9, 9);
    frame[i] = (frame[i] ?? 0) ^ 1;
    expect(readToken(frame, 0, TOKEN_BYTES, 9)).toBe(-1);
  }
});

test('a token is found wherever it stands, the last of several, and none of another salt', () => {
  const frame = new Uint8Array(70);
  writeToken(frame.subarray(0, 30), 9, 4);
  for (const end of [31, 44, 65, 70]) {
    const changed = frame.slice();
    writeToken(changed.subarray(0, end), 9, 5);
    expect(findToken(changed, 0, 70, 9), String(end)).toBe(5);
    expect(findToken(changed, 0, end - 1, 9)).toBe(end === 31 ? -1 : 4);
    expect(findToken(changed, 0, 70, 8)).toBe(-1);
  }
});

test('no token in a frame that is shorter than one', () => {
  expect(readToken(new Uint8Array(11), 0, 11, 0)).toBe(-1);
  expect(() => writeToken(new Uint8Array(11), 0, 0)).toThrow(WireError);
  expect(() => writeToken(new Uint8Array(60), 0, 2 ** 32)).toThrow(WireError);
});

test('a control frame is 60 bytes of EtherType 0x88b5 with a token', () => {
  const frame = controlFrame({ source: '02:00:00:00:01:0a', destination: 'ff:ff:ff:ff:ff:ff', salt: 5, id: 6 });
  expect(frame.length).toBe(60);
  expect([...frame.subarray(0, 14)]).toEqual([255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 1, 10, 0x88, 0xb5]);
  expect(readToken(frame, 0, 60, 5)).toBe(6);
});
