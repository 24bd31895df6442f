import { readFileSync, readlinkSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { createCaptureParser } from '../pcap/parser.js';
import { ngBlocks } from '../pcap/testing/captures.js';
import { pcapHeader, pcapngHeader, pcapngRecord, pcapRecord } from '../pcap/write.js';
import { createSpool } from './spool.js';

const FRAME = Uint8Array.from({ length: 60 }, (_, i) => i);
const SECONDS = Array.from({ length: 40 }, (_, i) => 1_000 + Math.floor(i / 2));

const CAPTURES: Readonly<Record<string, Uint8Array>> = {
  pcap: Buffer.concat([pcapHeader(1), ...SECONDS.map((seconds) => pcapRecord({ seconds, nanos: 0, frame: FRAME }))]),
  pcapng: Buffer.concat([
    pcapngHeader([
      { name: 'swp1', linkType: 1, snapLength: 256 },
      { name: 'swp2', linkType: 1, snapLength: 256 },
    ]),
    ...SECONDS.map((seconds, i) => pcapngRecord({ seconds, nanos: 0, frame: FRAME, iface: i % 2 })),
  ]),
};

function secondsIn(path: string): { readonly seconds: readonly number[]; readonly damage: string | null } {
  const seconds: number[] = [];
  const parser = createCaptureParser({ frame: (_bytes, _start, _captured, _original, at) => void seconds.push(at) });
  parser.push(readFileSync(path));
  return { seconds, damage: parser.end().damage?.message ?? null };
}

for (const [format, capture] of Object.entries(CAPTURES)) {
  test(`${format}: a spool holds whole records only, and lets go of those before a second but the latest`, () => {
    using spool = createSpool();
    spool.take(capture.subarray(0, capture.length - 10));
    expect(secondsIn(spool.path)).toEqual({ seconds: SECONDS.slice(0, -1), damage: null });
    spool.dropBefore(1_010);
    expect(secondsIn(spool.path)).toEqual({ seconds: SECONDS.filter((at) => at >= 1_009).slice(0, -1), damage: null });
    spool.take(capture.subarray(capture.length - 10));
    expect(secondsIn(spool.path)).toEqual({ seconds: SECONDS.filter((at) => at >= 1_009), damage: null });
    expect(spool.latestSeconds).toBe(1_019);
    spool.dropBefore(1_015);
    expect(secondsIn(spool.path)).toEqual({ seconds: SECONDS.filter((at) => at >= 1_014), damage: null });
    // Nothing is before it.
    spool.dropBefore(900);
    expect(secondsIn(spool.path).seconds).toEqual(SECONDS.filter((at) => at >= 1_014));
  });
}

test('pcapng: each frame has its own interface, wherever that is described, and its own section', () => {
  using spool = createSpool();
  const ng = [false, true].map((isBig) => ngBlocks(isBig));
  const frame = (isBig: number, iface: number, seconds: number): readonly number[] =>
    ng[isBig]?.enhanced(iface, BigInt(seconds * 1_000_000), FRAME) ?? [];
  const described = (name: string, isBig = 0): readonly number[] => {
    const { iface, option } = ng[isBig] ?? ngBlocks(false);
    return iface(1, 0, option(2, [...Buffer.from(name)]));
  };
  const pieces = [
    [...(ng[0]?.section() ?? []), ...described('swp1'), ...frame(0, 0, 1_000), ...frame(0, 0, 1_001)],
    [...described('swp2'), ...frame(0, 1, 1_002), ...frame(0, 0, 1_003)],
    [...described('swp3'), ...frame(0, 2, 1_004)],
    [...described('swp4'), ...frame(0, 3, 1_005), ...frame(0, 1, 1_006)],
    [...(ng[1]?.section() ?? []), ...described('swp5', 1), ...frame(1, 0, 1_007)],
    [...described('swp6', 1), ...frame(1, 1, 1_008), ...frame(1, 0, 1_009)],
  ];
  const all = ['swp1', 'swp1', 'swp2', 'swp1', 'swp3', 'swp4', 'swp2', 'swp5', 'swp6', 'swp5'];
  const seen: number[] = [];
  pieces.forEach((piece, i) => {
    spool.take(Uint8Array.from(piece));
    spool.dropBefore(1_000 + i + 0.5);
    const names: (string | null)[] = [];
    let last: string | null = null;
    const ifaces: number[] = [];
    const parser = createCaptureParser({
      described: (count, name) => {
        names.push(name);
        last = names.length === count ? name : null;
      },
      frame: (...[, , , , , , , iface]) => void ifaces.push(iface),
    });
    parser.push(readFileSync(spool.path));
    expect(parser.end().damage).toBeNull();
    expect(last).not.toBeNull();
    seen.push(ifaces.length);
    const until = [2, 4, 5, 7, 8, 10][i] ?? 0;
    expect(ifaces.map((iface) => names[iface])).toEqual(all.slice(until - ifaces.length, until));
  });
  // Something was let go of each time, but at first.
  expect(seen).toEqual([2, 3, 3, 4, 4, 5]);
});

test('what cannot be read is kept up to there, so that the judge tells where', () => {
  using spool = createSpool();
  const { pcap = new Uint8Array(0) } = CAPTURES;
  const broken = Uint8Array.from(pcap);
  broken.fill(0xff, 24 + 3 * 76 + 8, 24 + 3 * 76 + 12);
  spool.take(broken);
  expect(spool.isBroken()).toBe(true);
  const { seconds, damage } = secondsIn(spool.path);
  expect(seconds).toEqual(SECONDS.slice(0, 3));
  expect(damage).not.toBeNull();
});

test('its file has no name that could be left behind', () => {
  using spool = createSpool();
  spool.take(CAPTURES['pcap'] ?? new Uint8Array(0));
  // proc(5): the link of an open file whose name was removed ends so.
  expect(readlinkSync(spool.path)).toMatch(/ \(deleted\)$/);
  spool.dropBefore(1_010);
  expect(readlinkSync(spool.path)).toMatch(/ \(deleted\)$/);
});
