import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { createCaptureParser } from './parser.js';
import { shiftStamps } from './shiftStamps.js';

/** A capture of tcpdump with these records: stamp in ns, bytes of the frame. */
function capture(little: boolean, nano: boolean, records: readonly (readonly [bigint, number])[]): Buffer {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    if (little) bytes.writeUInt32LE(value);
    else bytes.writeUInt32BE(value);
    return bytes;
  };
  const version = number(little ? 0x00040002 : 0x00020004);
  const parts = [number(nano ? 0xa1b23c4d : 0xa1b2c3d4), version, Buffer.alloc(8), number(2048), number(1)];
  for (const [stamp, length] of records)
    parts.push(
      number(Number(stamp / 1_000_000_000n)),
      number(Number(stamp % 1_000_000_000n) / (nano ? 1 : 1_000)),
      number(length),
      number(length),
      Buffer.alloc(length, 0xa1),
    );
  return Buffer.concat(parts);
}

/** All that comes out where it goes in cut into pieces. */
function passed(aheadNs: bigint, bytes: Uint8Array, cuts: readonly number[]): Buffer {
  const shifter = shiftStamps(aheadNs);
  const out: Uint8Array[] = [];
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    out.push(shifter.push(bytes.subarray(at, Math.min(at + cut, bytes.length))));
    at = Math.min(at + cut, bytes.length);
  }
  return Buffer.concat([...out, shifter.end()]);
}

const records = fc.array(
  fc.tuple(
    fc.bigInt({ min: 5_000_000n, max: 4_000_000_000_000n }).map((micros) => micros * 1_000n),
    fc.integer({ min: 0, max: 90 }),
  ),
  { maxLength: 8 },
);

test('every stamp moves by the same time, however the bytes come, and nothing else changes', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.boolean(),
      records,
      fc.bigInt({ min: -4_000_000n, max: 4_000_000n }).map((micros) => micros * 1_000n),
      fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 40 }),
      (little, nano, some, ahead, cuts) => {
        const moved = some.map(([stamp, length]) => [stamp - ahead, length] as const);
        expect(passed(ahead, capture(little, nano, some), cuts)).toEqual(capture(little, nano, moved));
      },
    ),
  );
});

test('the reader of captures sees the moved stamps', () => {
  const stamps: bigint[] = [];
  const parser = createCaptureParser({
    frame: (_bytes, _start, _captured, _original, seconds, nanos) =>
      void stamps.push(BigInt(seconds) * 1_000_000_000n + BigInt(nanos)),
  });
  parser.push(passed(1_500_000_001n, capture(true, true, [[9_000_000_000n, 60]]), []));
  expect(stamps).toEqual([7_499_999_999n]);
});

test('what is no capture, and a capture that was torn, come out as they went in', () => {
  const text = Buffer.from('tcpdump: eth1: No such device exists, and more words than a header has');
  expect(passed(5n, text, [3, 30])).toEqual(text);
  const whole = capture(true, true, [[9_000_000_000n, 60]]);
  for (const length of [3, 24, 30, 24 + 16 + 59])
    expect(passed(5n, whole.subarray(0, length), [7])).toHaveLength(length);
});
