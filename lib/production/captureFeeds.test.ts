import { mkdtempSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { stableJson } from '../evidence/json.js';
import { EVERYTHING } from '../judge/captures/selection.js';
import { FATES, pcapOf, situation, SITUATION_HOSTS, type Captured, type Fate } from '../judge/testing/situation.js';
import { DEFAULT_PROFILE } from '../profile/registry.js';
import { createCaptureFeeds } from './captureFeeds.js';
import { captureFiles } from './captureFiles.js';
import { judgeCaptures } from './judgeCaptures.js';
import { areSmall, ownShare, SMALL_BYTES } from './readerThreads.js';
import { mirrorPacket } from './testing/mirrorPackets.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-feeds-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

/** Less than the smallest capture has. */
const BY_THREADS = -1;

type Shape = (a: Captured[], b: Captured[]) => readonly (readonly Uint8Array[])[];

const ONE_FATE: readonly Fate[] = ['lost'];

/** What differs in how captures are read: cut, in several files, empty, mirrored and so read twice. */
const SHAPES: readonly (readonly [what: string, captured: Shape, fates?: readonly Fate[]])[] = [
  ['whole', (a, b) => [[pcapOf(a)], [pcapOf(b)]], FATES],
  ['cut within a frame', (a, b) => [[pcapOf(a)], [pcapOf(b).subarray(0, -5)]]],
  ['empty', (a) => [[pcapOf(a)], [pcapOf([])]]],
  ['no byte', (a) => [[pcapOf(a)], [new Uint8Array(0)]]],
  ['several files', (a, b) => [[pcapOf(a)], [pcapOf(b.slice(0, 20)), pcapOf(b.slice(20, 30)), pcapOf(b.slice(30))]]],
  [
    'several files, one cut',
    (a, b) => [[pcapOf(a)], [pcapOf(b.slice(0, 20)), pcapOf(b.slice(20, 30)).subarray(0, -5), pcapOf(b.slice(30))]],
  ],
  ['a mirror', (a, b) => [[pcapOf(a)], [pcapOf(mirrored(b))]]],
];

const mirrored = (frames: readonly Captured[]): Captured[] =>
  frames.map(({ at, frame }, sequence) => ({
    at,
    frame: mirrorPacket('ERSPAN II', { frame, session: 12, sequence, exporter: 2 }),
  }));

/** Regular files below a folder that this process has open. */
const openFiles = (folder: string): readonly string[] =>
  readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      const file = readlinkSync(`/proc/self/fd/${name}`);
      return file.startsWith(folder) ? [file] : [];
    } catch {
      return []; // that of this very look
    }
  });

for (const [what, captured, fates = ONE_FATE] of SHAPES)
  test(`with and without threads the judgement is the same, byte for byte: ${what}`, async ({ folder }) => {
    for (const fate of fates) {
      const [a = [], b = []] = situation({ fate });
      const args = captured(a, b).map((files, leaf) => {
        const paths = files.map((bytes, part) => {
          const path = join(folder, `${fate}-${leaf}-${part}.pcap`);
          writeFileSync(path, bytes);
          return path;
        });
        return `leaf-${leaf}=${paths.join(',')}`;
      });
      const judge = async (smallBytes: number) => {
        const { judgement, hosts } = await judgeCaptures(captureFiles(args), {
          profile: DEFAULT_PROFILE,
          hosts: new Map(SITUATION_HOSTS.map((mac) => [mac, mac])),
          isAuto: false,
          gateways: [],
          isSharedClock: false,
          smallBytes,
        });
        return stableJson({ ...judgement, hosts });
      };
      const alone = await judge(SMALL_BYTES);
      expect(await judge(BY_THREADS), fate).toBe(alone);
      expect(openFiles(folder)).toEqual([]);
    }
  });

test('all but a share of captures are read by threads where they are large together, and each stream has one', async ({
  folder,
}) => {
  const [a = [], b = []] = situation({ fate: 'good' });
  const files = [a, b].map((frames, leaf) => {
    const path = join(folder, `${leaf}.pcap`);
    writeFileSync(path, pcapOf(frames));
    return path;
  });
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  expect(areSmall(files, bytes)).toBe(true);
  expect(areSmall(files, bytes - 1)).toBe(false);
  const areShared = async (smallBytes: number, isPlain: readonly boolean[]) => {
    const sources = files.map((file, i) => ({
      files: [file],
      selection: EVERYTHING,
      isPlain: isPlain[i] === true,
    }));
    const reading = createCaptureFeeds(sources, { hosts: [], isAuto: true, leaves: [] }, smallBytes);
    await reading.close();
    return reading.feeds.map(({ macs }) => macs.buffer instanceof SharedArrayBuffer);
  };
  expect(await areShared(bytes, [true, true])).toEqual([false, false]);
  expect(await areShared(bytes - 1, [true, true])).toEqual([false, true]);
  expect(await areShared(bytes, [true, false])).toEqual([false, true]);
});

test('the thread that judges reads more of many captures, and never less than one', () => {
  expect([1, 2, 4, 7, 8, 16, 64].map((captures) => ownShare(captures, 2))).toEqual([1, 1, 1, 1, 2, 4, 16]);
  expect([2, 16, 64].map((captures) => ownShare(captures, 8))).toEqual([1, 1, 4]);
  expect([2, 64].map((captures) => ownShare(captures, 1))).toEqual([1, 16]);
  expect(ownShare(0, 2)).toBe(0);
});
