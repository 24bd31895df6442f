import { readFileSync, readlinkSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { createCaptureParser } from '../pcap/parser.js';
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
