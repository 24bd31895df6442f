import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test as base } from '@playwright/test';
import { classic, CORPUS_HOST, ownCaptures } from '../fuzz/corpus.js';
import type { CaptureJudgement } from '../judge/captures/captureOptions.js';
import { judgeFiles } from '../judge/testing/captures.js';
import { DEFAULT_PROFILE } from '../profile/registry.js';
import { pcapngHeader } from '../pcap/write.js';
import { createAnnotations } from './annotations.js';
import { canUnpack } from './packing.js';
import { captureFiles } from './captureFiles.js';
import { judgeCaptures, type JudgeCapturesOptions } from './judgeCaptures.js';
import { writeMergedCapture } from './mergedCapture.js';
import { rawFrames } from './rawFrames.js';
import { readersFor } from './readerThreads.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-captures-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

const options = {
  profile: DEFAULT_PROFILE,
  hosts: new Map([[CORPUS_HOST, 'vm1']]),
  isAuto: false,
  gateways: ['02:00:00:00:ff:fe'],
  isSharedClock: false,
};

function write(folder: string, name: string, bytes: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

function pair(name: string): readonly [Uint8Array, Uint8Array] {
  const found = ownCaptures().find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no ${name} in the corpus`);
  return found.files;
}

/** With threads also of the smallest captures. */
const BY_THREADS = { smallBytes: -1 };

async function judgeBytes(
  folder: string,
  files: readonly (readonly [string, Uint8Array])[],
  more: Pick<JudgeCapturesOptions, 'smallBytes'> = {},
): Promise<CaptureJudgement> {
  return judgeCaptures(
    captureFiles(files.map(([name, bytes]) => `${name.split('.')[0] ?? ''}=${write(folder, name, bytes)}`)),
    { ...options, ...more },
  );
}

test('threads come to the same judgement as a single one', async ({ folder }) => {
  const files = pair('pcap');
  const { judgement } = await judgeBytes(
    folder,
    [
      ['leaf-a.pcap', files[0]],
      ['leaf-b.pcap', files[1]],
    ],
    BY_THREADS,
  );
  const alone = judgeFiles(files, { hosts: [CORPUS_HOST], names: options.hosts }).judgement;
  expect(judgement.verdict).toBe('pass');
  expect(JSON.stringify(judgement)).toBe(JSON.stringify(alone));
});

test('who does not name the leaves is told what was not looked for', async ({ folder }) => {
  const [a, b] = pair('pcap');
  const captures = captureFiles([`leaf-a=${write(folder, 'a.pcap', a)}`, `leaf-b=${write(folder, 'b.pcap', b)}`]);
  const { judgement } = await judgeCaptures(captures, { ...options, gateways: [] });
  expect(judgement.verdict).toBe('pass');
  expect(judgement.findings).toMatchObject([{ property: 'P5', verdict: 'note' }]);
  expect(judgement.findings[0]?.sentence).toContain('was not looked for');
});

test('many captures share few threads', async ({ folder }) => {
  const [a, b] = pair('pcap');
  const files = Array.from({ length: 20 }, (_, i) =>
    i % 2 === 0 ? a : b.subarray(0, i === 7 ? b.length - 5 : b.length),
  );
  const names = files.map((_, i) => String.fromCharCode(97 + i));
  const { judgement } = await judgeBytes(
    folder,
    files.map((file, i) => [`leaf-${names[i] ?? ''}.pcap`, file]),
    BY_THREADS,
  );
  const alone = judgeFiles(files, { hosts: [CORPUS_HOST], names: options.hosts }).judgement;
  expect(readersFor(files.length)).toBeLessThan(files.length);
  expect(judgement.reasons.join()).toContain('leaf-h.pcap is damaged at byte');
  const { totals, byLeaf, kinds, skew, clock, deliveries } = alone;
  expect(judgement).toMatchObject({ totals, byLeaf, kinds, skew, clock, deliveries });
});

test('formats and compressions may be mixed', async ({ folder }) => {
  const [a] = pair('cooked');
  const [, b] = pair('pcapng');
  const { judgement } = await judgeBytes(folder, [
    ['leaf-a.pcap', a],
    ['leaf-b.pcapng.gz', gzipSync(b)],
    ['leaf-c.pcap', classic(2)],
  ]);
  expect(judgement.findings).toEqual([]);
  expect(judgement.verdict).toBe('pass');
  expect(judgement.totals.probes).toBe(39);
});

test('zstd is read', async ({ folder }) => {
  test.skip(!canUnpack('zstd'), 'this Node has no zstd and the program zstd is not installed: apt-get install zstd');
  const [a, b] = pair('pcap');
  const packed = spawnSync('zstd', ['-qc'], { input: b });
  test.skip(packed.status !== 0, 'the program zstd is not installed: apt-get install zstd');
  expect(
    (
      await judgeBytes(folder, [
        ['leaf-a.pcap', a],
        ['leaf-b.pcap.zst', packed.stdout],
      ])
    ).judgement.verdict,
  ).toBe('pass');
  const cut = await judgeBytes(folder, [
    ['leaf-a.pcap', a],
    ['leaf-b.pcap.zst', packed.stdout.subarray(0, packed.stdout.length - 40)],
  ]);
  expect(cut.judgement.verdict).toBe('inconclusive');
  expect(cut.judgement.reasons.join()).toContain('cannot be read beyond byte');
});

test('a compressed capture that is cut is inconclusive, and says where', async ({ folder }) => {
  const [a, b] = pair('pcap');
  const packed = gzipSync(b);
  const { judgement } = await judgeBytes(folder, [
    ['leaf-a.pcap', a],
    ['leaf-b.pcap.gz', packed.subarray(0, packed.length - 100)],
  ]);
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons.join()).toMatch(/leaf-b\.pcap\.gz cannot be read beyond byte \d+: unexpected end of file/);
});

test('a decompression bomb is left at its first byte that makes no sense', async ({ folder }) => {
  const [a] = pair('pcap');
  const bomb = gzipSync(new Uint8Array(64 << 20));
  const { judgement } = await judgeBytes(folder, [
    ['leaf-a.pcap', a],
    ['leaf-b.pcap', bomb],
  ]);
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons.join()).toMatch(/leaf-b\.pcap is damaged at byte 0/);
});

test('a hundred thousand interfaces are no frames, but no harm either', async ({ folder }) => {
  const [a] = pair('pcap');
  const many = pcapngHeader(Array.from({ length: 100_000 }, (_, i) => ({ name: `p${i}`, linkType: 1, snapLength: 0 })));
  const { judgement } = await judgeBytes(folder, [
    ['leaf-a.pcap', a],
    ['leaf-b.pcapng', many],
  ]);
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons.join()).toContain('holds no frame at all');
});

test('clocks that are an hour apart are found by looking at all of both captures', async ({ folder }) => {
  const [a, b] = pair('pcap');
  const moved = Uint8Array.from(b);
  const view = new DataView(moved.buffer);
  for (let at = 24; at < moved.length; at += 16 + view.getUint32(at + 8, true))
    view.setUint32(at, view.getUint32(at, true) + 3_600, true);
  const { judgement } = await judgeBytes(folder, [
    ['leaf-a.pcap', a],
    ['leaf-b.pcap', moved],
  ]);
  expect(judgement.verdict).toBe('pass');
  expect(Math.abs(Number(judgement.clock['leaf-b']?.offsetNs) - 3_600e9)).toBeLessThan(100_000);
});

test('the merged capture holds every frame once, in order of one clock, with its verdict', async ({ folder }) => {
  const [a, b] = pair('pcap');
  const captures = captureFiles([
    `leaf-a=${write(folder, 'a.pcap', a)}`,
    `leaf-b=${write(folder, 'b.pcap', b.subarray(0, b.length))}`,
  ]);
  const annotations = createAnnotations(['leaf-a', 'leaf-b'], DEFAULT_PROFILE);
  const judged = await judgeCaptures(captures, { ...options, onSettled: annotations.note });
  annotations.finish(judged.valid);
  const out = join(folder, 'merged.pcapng');
  await writeMergedCapture(out, captures, judged, annotations);
  const frames = [];
  for await (const frame of rawFrames([out])) frames.push(frame);
  expect(frames).toHaveLength(
    Object.values(judged.judgement.certificates).reduce((sum, certificate) => sum + certificate.frames, 0),
  );
  const times = frames.map((frame) => frame.seconds * 1e9 + frame.nanos);
  expect(times).toEqual([...times].sort((x, y) => x - y));
  expect(new Set(frames.map((frame) => frame.iface))).toEqual(new Set([0, 1]));
  const text = readFileSync(out, 'latin1');
  expect(text).toContain('delivered 2/2, skew');
  expect(text).toContain('sent once, on leaf-a');
});

test('names of leaves come from the argument or the file', () => {
  expect(captureFiles(['leaf-a=/x/A.pcap', '/y/B.pcapng.gz', 'B.cap', 'spine=-'])).toEqual([
    { leaf: 'leaf-a', file: '/x/A.pcap' },
    { leaf: 'B', file: '/y/B.pcapng.gz' },
    { leaf: 'B-2', file: 'B.cap' },
    { leaf: 'spine', file: '-' },
  ]);
  expect(() => captureFiles(['a=1.pcap', 'a=2.pcap'])).toThrow('two captures are called "a"');
  expect(() => captureFiles(['-', 'b=-'])).toThrow('standard input can be one capture only');
});

test('what of a file is a leaf stands behind its name', () => {
  const selections = (...args: readonly string[]) => captureFiles(args).map(({ selection }) => selection);
  expect(captureFiles(['a=/x/A.pcap@session:12'])).toEqual([
    { leaf: 'a', file: '/x/A.pcap', selection: { by: 'session', id: 12, source: null } },
  ]);
  expect(
    selections('A@session:192.0.2.1', 'B@session:192.0.2.1/7', 'C@session:2001:DB8::1/7', 'D@port', 'E@interface:swp1'),
  ).toEqual([
    { by: 'session', id: null, source: 'c0000201' },
    { by: 'session', id: 7, source: 'c0000201' },
    { by: 'session', id: 7, source: '20010db8000000000000000000000001' },
    { by: 'port' },
    { by: 'interface', name: 'swp1' },
  ]);
  expect(selections('A@vlan:5', 'B@vlan:6')).toEqual([5, 6].map((id) => ({ by: 'vlan', id, isStripped: true })));
  expect(selections('A@vlan:5', 'B@vlan:5')).toEqual([5, 5].map((id) => ({ by: 'vlan', id, isStripped: false })));
  for (const wrong of [
    'A@session:x',
    'A@session:300.0.2.1',
    'A@session:1:::2',
    'A@session:',
    'A@vlan:4095',
    'A@vlan:x',
    'A@interface:',
    'A@port:1',
  ])
    expect(() => captureFiles([wrong])).toThrow('selects nothing');
  expect(selections('me@home.pcap', 'x@y')).toEqual([undefined, undefined]);
});

test('what is no capture is refused by name', async ({ folder }) => {
  const [a] = pair('pcap');
  const good = write(folder, 'a.pcap', a);
  await expect(judgeCaptures(captureFiles([good, join(folder, 'none.pcap')]), options)).rejects.toThrow(
    /none\.pcap: there is no such file/,
  );
  mkdirSync(join(folder, 'empty'));
  expect(() => captureFiles([good, join(folder, 'empty')])).toThrow(/is a folder without evidence\.json/);
  await expect(judgeCaptures(captureFiles(Array.from({ length: 65 }, () => good)), options)).rejects.toThrow(
    '65 captures are too many',
  );
});
