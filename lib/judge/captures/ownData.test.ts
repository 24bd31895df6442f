import { expect, test } from '@playwright/test';
import { parseMac } from '../../wire/address.js';
import { judgeFiles, HOST, GATEWAY, MS, SECOND, US } from '../testing/captures.js';
import { AHEAD, minute, signatures } from '../testing/minute.js';
import type { Judgement } from '../types.js';

const ROUNDS = 40;

function frameOf(destination: string, etherType: number, body: readonly number[]): Uint8Array {
  const pad = Array.from<number>({ length: Math.max(0, 46 - body.length) }).fill(0);
  return Uint8Array.from([
    ...parseMac(destination),
    ...parseMac(HOST),
    etherType >> 8,
    etherType & 0xff,
    ...body,
    ...pad,
  ]);
}

/** Something of the host on leaf-a, and something, be it the same, on leaf-b some milliseconds later. */
function judged(frame: (leaf: number, round: number) => Uint8Array): Judgement {
  const captures = minute();
  for (let round = 0; round < ROUNDS; round++)
    for (const leaf of [0, 1])
      captures.see(leaf, (10 + round) * SECOND + 300 * MS + leaf * 900 * US, frame(leaf, round));
  return judgeFiles(captures.files(AHEAD)).judgement;
}

const ESMC = [0x0a, 0x00, 0x19, 0xa7, 0x00, 0x01, 0x10, 0, 0, 0, 0x01, 0x00, 0x04, 0x0f];
const EAPOL_START = [1, 1, 0, 0];

test('what no bridge forwards is said on each leg for itself', () => {
  expect(judged(() => frameOf('01:80:c2:00:00:02', 0x8809, ESMC)).verdict).toBe('pass');
  expect(judged(() => frameOf('01:80:c2:00:00:03', 0x888e, EAPOL_START)).verdict).toBe('pass');
});

test("P4: a spanning tree's frames are said once, and so is what goes to other groups", () => {
  const bpdu = frameOf('01:80:c2:00:00:00', 38, [0x42, 0x42, 3, 0, 0, 0, 0]);
  expect(signatures(judged(() => bpdu))).toEqual(['data-replicated']);
  expect(signatures(judged(() => frameOf('01:80:c2:00:00:10', 0x88b7, EAPOL_START)))).toEqual(['data-replicated']);
});

/** A packet over IPv6 between the same ends, with something in it. */
function overIpv6(next: number, inner: readonly number[]): Uint8Array {
  const ends = [...ipv6(0x0a), ...ipv6(0x0f)];
  return frameOf(GATEWAY, 0x86dd, [0x60, 0, 0, 0, inner.length >> 8, inner.length & 0xff, next, 64, ...ends, ...inner]);
}
const ipv6 = (last: number): number[] => [0x20, 0x01, 0x0d, 0xb8, ...Array.from<number>({ length: 11 }).fill(0), last];
/** Headers that are the same in each packet, and behind them a TCP header with this sequence. */
const tcpBehind = (headers: readonly number[], sequence: number): number[] => [
  ...headers,
  ...[
    0x9c,
    0x40,
    0x01,
    0xbb,
    0,
    0,
    sequence >> 8,
    sequence & 0xff,
    0,
    0,
    0,
    9,
    0x50,
    0x10,
    1,
    0,
    0,
    sequence & 0xff,
    0,
    0,
  ],
];
const INNER = [0x60, 0, 0, 0, 0, 20, 6, 64, ...ipv6(1), ...ipv6(2)];
const SEGMENTS = (next: number): number[] => [next, 2, 4, 0, 0, 0, 0, 0, ...ipv6(0x0f)];
const TUNNELS: readonly (readonly [string, number, readonly number[]])[] = [
  ['in IPv6', 41, INNER],
  ['in GRE', 47, [0, 0, 0x86, 0xdd, ...INNER]],
  ['behind a list of segments', 43, [...SEGMENTS(41), ...INNER]],
  ['of TCP behind a list of segments', 43, SEGMENTS(6)],
];

for (const [what, next, headers] of TUNNELS)
  test(`packets ${what} over IPv6 are themselves by what is inside`, () => {
    const packet = (sequence: number): Uint8Array => overIpv6(next, tcpBehind(headers, sequence));
    expect(judged((leaf, round) => packet(2 * round + leaf)).verdict).toBe('pass');
    expect(signatures(judged((_, round) => packet(round)))).toEqual(['data-replicated']);
  });
