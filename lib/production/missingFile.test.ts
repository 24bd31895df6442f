import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test as base } from '@playwright/test';
import {
  failuresOf,
  FATES,
  pcapOf,
  SAID,
  situation,
  SITUATION_HOSTS,
  type Captured,
} from '../judge/testing/situation.js';
import { DEFAULT_PROFILE } from '../profile/registry.js';
import type { Judgement } from '../judge/types.js';
import { someOf } from '../testing/samples.js';
import { captureFiles } from './captureFiles.js';
import { judgeCaptures } from './judgeCaptures.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-missing-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

/** As tcpdump -G names them: by the time, which does not count. */
const NAMES = ['leaf-120000.pcap', 'leaf-120137.pcap', 'leaf-120311.pcap', 'leaf-120502.pcap', 'leaf-120644.pcap'];
const FILES = NAMES.length;

async function judge(args: readonly string[], smallBytes?: number): Promise<Judgement> {
  const { judgement } = await judgeCaptures(captureFiles(args), {
    profile: DEFAULT_PROFILE,
    hosts: new Map(SITUATION_HOSTS.map((mac) => [mac, mac])),
    isAuto: false,
    gateways: [],
    isSharedClock: false,
    ...(smallBytes === undefined ? {} : { smallBytes }),
  });
  return judgement;
}

/** A capture in files, of which those of `missing` are not there. Returns how it is given. */
function inFiles(
  folder: string,
  leaf: string,
  frames: readonly Captured[],
  missing: readonly number[] = [],
  isPacked = false,
): string {
  const size = Math.ceil(frames.length / FILES);
  return NAMES.flatMap((name, i) => {
    if (missing.includes(i)) return [];
    const path = join(folder, `${leaf}-${name}${isPacked ? '.gz' : ''}`);
    const bytes = pcapOf(frames.slice(i * size, (i + 1) * size));
    writeFileSync(path, isPacked ? gzipSync(bytes) : bytes);
    return [path];
  }).join(',');
}

function whole(folder: string, frames: readonly Captured[]): string {
  const path = join(folder, 'a.pcap');
  writeFileSync(path, pcapOf(frames));
  return path;
}

for (const fate of FATES)
  test(`a file whose name does not count is missing: ${fate}`, async ({ folder }) => {
    const { verdict, failures } = SAID[fate];
    // Each of the others in threads of its own, which take longer than all else.
    const threaded = [
      [2, 3, 0, false],
      [3, 1, undefined, true],
    ] as const;
    for (const [seed, gone, smallBytes, isPacked] of [
      [1, 1, undefined, false] as const,
      ...someOf(threaded, 1, Math.random),
    ]) {
      const [a = [], b = []] = situation({ fate, seed, frames: 80 });
      const judgement = await judge(
        [`leaf-a=${whole(folder, a)}`, `leaf-b=${inFiles(folder, 'b', b, [gone], isPacked)}`],
        smallBytes,
      );
      // What is wrong elsewhere is wrong.
      expect({ gone, verdict: judgement.verdict, failures: failuresOf(judgement) }).toEqual({
        gone,
        verdict: fate === 'good' ? 'inconclusive' : verdict,
        failures,
      });
      const reason = judgement.findings.find(({ sentence }) => sentence.includes('a file may be missing'));
      expect(reason).toMatchObject({ leaf: 'leaf-b', verdict: 'inconclusive' });
      expect(reason?.sentence).toContain(`${NAMES[gone - 1] ?? ''}${isPacked ? '.gz' : ''} and `);
      expect(reason?.count).toBeGreaterThan(5);
    }
  });

for (const fate of FATES)
  test(`of files whose names do not count none is missing: ${fate}`, async ({ folder }) => {
    const [a = [], b = []] = situation({ fate, seed: 4, frames: 80 });
    const judgement = await judge([`leaf-a=${inFiles(folder, 'a', a)}`, `leaf-b=${inFiles(folder, 'b', b)}`]);
    const { verdict, failures } = SAID[fate];
    expect({ verdict: judgement.verdict, failures: failuresOf(judgement) }).toEqual({ verdict, failures });
  });

test('a frame that is missing where two files meet may be in a file between them, unless their names count', async ({
  folder,
}) => {
  const [a = [], b = []] = situation({ fate: 'lost', seed: 5, frames: 80 });
  // The frame that leaf-b lacks is the first that it would have of its second file.
  const [, complete = []] = situation({ seed: 5, frames: 80 });
  const seen = complete.findIndex(({ at }, i) => at !== b[i]?.at);
  const files = (names: readonly [string, string]): string =>
    names
      .map((name, i) => {
        const path = join(folder, name);
        writeFileSync(path, pcapOf(i === 0 ? b.slice(0, seen) : b.slice(seen)));
        return path;
      })
      .join(',');
  const leafA = `leaf-a=${whole(folder, a)}`;
  const unknown = await judge([leafA, `leaf-b=${files(['b-1200.pcap', 'b-1205.pcap'])}`]);
  expect({ verdict: unknown.verdict, failures: failuresOf(unknown) }).toEqual({
    verdict: 'inconclusive',
    failures: [],
  });
  for (const names of [
    ['b.pcap', 'b.pcap1'],
    ['b_00001_20260101120000.pcap', 'b_00002_20260101120500.pcap'],
  ] as const) {
    const known = await judge([leafA, `leaf-b=${files(names)}`]);
    expect({ verdict: known.verdict, failures: failuresOf(known) }).toEqual({
      verdict: 'fail',
      failures: ['leaf-b missing 1'],
    });
  }
});

test('a file without frames is none that is missing, and counts as a file', async ({ folder }) => {
  const [a = [], b = []] = situation({ seed: 7, frames: 80 });
  const files = [[], b.slice(0, 20), [], b.slice(20, 40), b.slice(60)].map((frames, i) => {
    const path = join(folder, `b-${NAMES[i] ?? ''}`);
    writeFileSync(path, pcapOf(frames));
    return path;
  });
  const { verdict, findings } = await judge([`leaf-a=${whole(folder, a)}`, `leaf-b=${files.join()}`]);
  expect(verdict).toBe('inconclusive');
  const reason = findings.find(({ sentence }) => sentence.includes('a file may be missing'))?.sentence;
  expect(reason).toContain(`between ${files[3] ?? ''} and ${files[4] ?? ''} it holds no frame`);
});

test('what is wrong on another leaf is wrong, also where two files meet', async ({ folder }) => {
  const [a = [], b = []] = situation({ seed: 8, frames: 80 });
  const files = inFiles(folder, 'b', b, [2]);
  // In the time of the missing file leaf-a has one frame twice, and leaf-c lacks another one.
  const inside = b.slice(2 * Math.ceil(b.length / FILES) + 3, 3 * Math.ceil(b.length / FILES) - 3);
  const both = inside.filter(({ frame }) => a.some((other) => Buffer.compare(other.frame, frame) === 0));
  const [first, second] = both;
  const isSame = (frame: Uint8Array, other: Captured | undefined): boolean =>
    other !== undefined && Buffer.compare(frame, other.frame) === 0;
  const twice = a.flatMap((entry) =>
    isSame(entry.frame, first) ? [entry, { ...entry, at: entry.at + 300_000 }] : [entry],
  );
  const [copies = []] = situation({ seed: 8, frames: 80 });
  const ofC = copies.filter(({ frame }) => !isSame(frame, second) && b.some((other) => isSame(frame, other)));
  const judgement = await judge([
    `leaf-a=${whole(folder, twice)}`,
    `leaf-b=${files}`,
    `leaf-c=${inFiles(folder, 'c', ofC)}`,
  ]);
  expect(judgement.verdict).toBe('fail');
  expect(failuresOf(judgement)).toEqual(expect.arrayContaining(['leaf-a duplicate 1', 'leaf-c missing 1']));
});

test('each leaf lacks another file', async ({ folder }) => {
  const [a = [], b = []] = situation({ seed: 6, frames: 80 });
  const { verdict, findings } = await judge([
    `leaf-a=${inFiles(folder, 'a', a, [1])}`,
    `leaf-b=${inFiles(folder, 'b', b, [3])}`,
  ]);
  expect(verdict).toBe('inconclusive');
  expect(findings.filter(({ sentence }) => sentence.includes('a file may be missing')).map(({ leaf }) => leaf)).toEqual(
    ['leaf-a', 'leaf-b'],
  );
});
