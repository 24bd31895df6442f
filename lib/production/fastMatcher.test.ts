import { expect, test } from '@playwright/test';
import { dice } from '../dice.js';
import { corpus, CORPUS_HOST } from '../fuzz/corpus.js';
import { mutate } from '../fuzz/mutate.js';
import { GATEWAY, HOST, leafFrame, plainFrame, SECOND } from '../judge/testing/captures.js';
import { fileOf } from '../judge/testing/fileFormats.js';
import type { Captured } from '../judge/testing/situation.js';
import { randomCaptures } from '../judge/testing/randomCaptures.js';
import type { VlanTag } from '../wire/frame.js';
import { macNumber } from '../judge/read/macs.js';
import { compareMatchers } from './testing/bothMatchers.js';
import { compareReaders } from './testing/bothReaders.js';
import { randomMatching } from './testing/randomMatching.js';

/** As many again for each call of `node dist/lib/production/testing/compareMany.js COUNT SEED matcher`. */
const CAPTURES = 60;
const SEEDS = Array.from({ length: CAPTURES }, (_, i) => i + 1);

test('the compiled matcher judges as the other one does, what makes work for it', () => {
  let [frames, left] = [0, 0];
  const verdicts = new Set<string>();
  for (const seed of SEEDS) {
    const { files, options } = randomMatching(dice(seed));
    const compared = compareMatchers(files, options);
    expect({ seed, difference: compared.difference }).toEqual({ seed, difference: null });
    frames += compared.frames;
    left += compared.left;
    verdicts.add(compared.judgement.verdict);
  }
  expect([...verdicts].sort()).toEqual(['fail', 'inconclusive', 'pass']);
  // It leaves what is odd to the other one, and does the rest itself.
  expect(left / frames).toBeLessThan(0.8);
});

test('the compiled matcher judges as the other one does, captures that are whole or broken', () => {
  for (const seed of SEEDS) {
    const roll = dice(seed);
    const { files, hosts } = randomCaptures(seed);
    const spoilt = files.map((file) => (roll() < 0.2 ? mutate(file, roll) : file));
    expect({ seed, difference: compareMatchers(spoilt, { hosts }).difference }).toEqual({ seed, difference: null });
  }
  for (const { name, files } of corpus())
    expect(compareMatchers(files, { hosts: [CORPUS_HOST] }).difference, name).toBeNull();
});

test('frames that a leaf had once more, altered, are counted by both', () => {
  for (const [at, byte] of [
    [11, 0x77],
    [21, 254],
  ] as const) {
    const files = [0, 1].map((leaf) =>
      fileOf(
        Array.from({ length: 300 }, (_, i) => {
          const frame = plainFrame('na-solicited', { variation: i >> 1 });
          const isAgain = i % 2 === 1;
          if (isAgain && (leaf === 0 || i % 3 !== 0)) return [];
          if (isAgain) frame[at] = byte;
          return [{ at: SECOND + (i >> 1) * 5_000_000 + (isAgain ? 90_000 : leaf * (i % 7) * 9_000), frame }];
        }).flat(),
        { type: 'pcap', resolution: { digits: 9 } },
      ),
    );
    for (const file of files) {
      const interest = { hosts: [macNumber(HOST)], isAuto: false, leaves: [] };
      expect(compareReaders({ files: [file], interest, chunks: [0x10000] }).difference).toBeNull();
    }
    const { difference, judgement } = compareMatchers(files, { hosts: [HOST], isSharedClock: true });
    expect(difference).toBeNull();
    expect(judgement.totals).toMatchObject({ probes: 138, delivered: 92, duplicate: 46, altered: 46 });
  }
});

test('neighbor frames that come again with another tag, and data that was altered and copied, are counted by both', () => {
  const vlan = (vid: number): VlanTag[] => [{ tpid: 0x8100, vid, pcp: 0, dei: false }];
  const files = [0, 1].map((leaf) =>
    fileOf(
      Array.from({ length: 300 }, (_, i) => {
        const at = SECOND + (i >> 1) * 5_000_000 + leaf * (i % 7) * 9_000;
        const isAgain = i % 2 === 1;
        const neighbor = plainFrame('ns-multicast', { variation: i >> 1, tags: vlan(isAgain ? 20 : 10) });
        const data = plainFrame('data-tcp', { variation: i, tags: vlan(10 + leaf) });
        return [
          ...(isAgain && i % 3 === 0 ? [] : [{ at: at + (isAgain ? 90_000 : 0), frame: neighbor }]),
          ...(leaf === i % 2 || i % 5 === 0 ? [{ at: at + 2_000_000, frame: data }] : []),
        ];
      })
        .flat()
        .sort((a, b) => a.at - b.at),
      { type: 'pcap', resolution: { digits: 9 } },
    ),
  );
  const { difference, judgement } = compareMatchers(files, { hosts: [HOST], isSharedClock: true });
  expect(difference).toBeNull();
  expect(judgement.totals).toMatchObject({ missing: 0, duplicate: 0, dataDuplicated: 56, altered: 56 });
  expect(judgement.findings.map(({ count, sentence }) => `${count} ${sentence.slice(0, 18)}`)).toContainEqual(
    expect.stringContaining('92 92 neighbor frames'),
  );
});

test('where all is well, nearly nothing is left to the other one', () => {
  const files = [0, 1].map((leaf) =>
    fileOf(
      Array.from({ length: 2_000 }, (_, i) => ({
        // The same one comes again after 254 ms, which is not soon.
        at: SECOND + i * 2_000_000 + leaf * (i % 7) * 9_000,
        frame: plainFrame('arp-request-broadcast', { variation: i }),
      })),
      { type: 'pcap', resolution: { digits: 9 } },
    ),
  );
  const { difference, frames, left } = compareMatchers(files, { hosts: [HOST], isSharedClock: true });
  expect(difference).toBeNull();
  expect(frames).toBeGreaterThan(1_700);
  // The edges of the time that is judged, and those by which clocks are followed.
  expect(left).toBeLessThan(0.1 * frames);
});

test('two captures of one port are told by both, and such as seemed to be for a while', () => {
  for (const isOnePort of [true, false]) {
    const files = [0, 1].map((leaf) =>
      fileOf(
        Array.from({ length: 2_000 }, (_, i) => ({
          at: SECOND + i * 1_000_000 + leaf * 700,
          frame: plainFrame(i % 3 === 0 ? 'data-udp' : 'arp-request-broadcast', { variation: i }),
          // Each has data of its own.
        })).filter((_, i) => isOnePort || i !== 1_503 + 198 * leaf),
        { type: 'pcap', resolution: { digits: 9 } },
      ),
    );
    const { difference, judgement } = compareMatchers(files, { hosts: [HOST] });
    expect(difference).toBeNull();
    expect(judgement.reasons.some((reason) => reason.includes('taken on one port'))).toBe(isOnePort);
  }
});

test('more frames at once than it has room for are paired all the same', () => {
  const files = [0, 1].map((leaf) =>
    fileOf(
      Array.from({ length: 70_000 }, (_, i) => ({
        at: SECOND + (i < 500 || i > 69_500 ? i * 1_000_000 : 500_000_000 + i * 10) + leaf * 3_000,
        frame: plainFrame(i % 100 === 7 && leaf === 1 ? 'garp-request' : 'arp-request-broadcast', { variation: i }),
      })).sort((a, b) => a.at - b.at),
      { type: 'pcap', resolution: { digits: 9 } },
    ),
  );
  const { difference, frames } = compareMatchers(files, { hosts: [HOST], isSharedClock: true, ring: 0x10000 });
  expect(difference).toBeNull();
  expect(frames).toBeGreaterThan(60_000);
});

/** 500 frames, 5 ms apart, once on each of two leaves; what stands beside a frame happens to the second leaf's. */
function pairOf(beside: (i: number) => Partial<Captured> | null, from = SECOND): Uint8Array[] {
  return [0, 1].map((leaf) =>
    fileOf(
      Array.from({ length: 500 }, (_, i) => ({
        at: from + i * 5_000_000 + leaf * 700,
        frame: plainFrame('arp-request-broadcast', { variation: i }),
        ...(leaf === 1 ? beside(i) : null),
      })),
      { type: 'pcap', resolution: { digits: 9 } },
    ),
  );
}

test('a frame again, stamped far back in time, is no second copy by both, and one a little back is', () => {
  for (const [backNs, duplicate] of [
    [4_000_000, 1],
    [6_000_000, 0],
  ] as const) {
    const again = {
      at: SECOND + 250 * 5_000_000 - backNs,
      frame: plainFrame('arp-request-broadcast', { variation: 250 }),
    };
    const files = pairOf((i) => (i === 251 ? again : null));
    const { difference, judgement } = compareMatchers(files, { hosts: [HOST], isSharedClock: true });
    expect(difference).toBeNull();
    expect({ backNs, duplicate: judgement.totals.duplicate }).toEqual({ backNs, duplicate });
  }
});

test('a frame of a leaf counts as one that came back in the judged time only, by both', () => {
  for (const [i, verdict] of [
    [9, 'pass'],
    [11, 'fail'],
  ] as const) {
    const files = pairOf((at) => (at === i ? { frame: leafFrame('arp-request-unicast', 1) } : null));
    // The frame in its place is missing, which is told only in the judged time, too.
    const { difference, judgement } = compareMatchers(files, {
      hosts: [HOST],
      gateways: [GATEWAY],
      isSharedClock: true,
    });
    expect(difference).toBeNull();
    expect({ i, verdict: judgement.verdict }).toEqual({ i, verdict });
    expect(judgement.totals.reflected).toBe(i === 11 ? 1 : 0);
  }
});
