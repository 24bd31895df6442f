import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
import { LINK_TYPE } from '../pcap/linkType.js';
import { pcapngHeader, pcapngRecord } from '../pcap/write.js';
import { withTags } from '../wire/ethernet.js';
import { DEFAULT_PROFILE } from '../profile/registry.js';
import type { Judgement } from '../judge/types.js';
import { captureFiles } from './captureFiles.js';
import { judgeCaptures } from './judgeCaptures.js';
import { canUnpack } from './packing.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-rotated-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

function write(folder: string, name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function judge(args: readonly string[]): Promise<Judgement> {
  const { judgement } = await judgeCaptures(captureFiles(args), {
    profile: DEFAULT_PROFILE,
    hosts: new Map(SITUATION_HOSTS.map((mac) => [mac, mac])),
    isAuto: false,
    gateways: [],
    isSharedClock: false,
  });
  return judgement;
}

/** A capture cut into files of equal length. */
function parts(frames: readonly Captured[], count: number): readonly Uint8Array[] {
  const size = Math.ceil(frames.length / count);
  return Array.from({ length: count }, (_, i) => pcapOf(frames.slice(i * size, (i + 1) * size)));
}

for (const fate of FATES)
  test(`files that were written one after the other are one capture: ${fate}`, async ({ folder }) => {
    const [a = [], b = []] = situation({ fate });
    const whole = write(folder, 'a.pcap', pcapOf(a));
    mkdirSync(join(folder, 'b'));
    const names = ['b.pcap', 'b.pcap1', 'b.pcap2', 'b.pcap3'];
    const files = parts(b, 4).map((bytes, i) => write(join(folder, 'b'), names[i] ?? '', bytes));
    const { verdict, failures } = SAID[fate];
    for (const given of [files.join(), [...files].reverse().join(), join(folder, 'b')]) {
      const judgement = await judge([`leaf-a=${whole}`, `leaf-b=${given}`]);
      expect({ verdict: judgement.verdict, failures: failuresOf(judgement) }).toEqual({ verdict, failures });
      expect(judgement.certificates['leaf-b']?.frames).toBe(b.length);
    }
  });

test('compressed parts are read, and what is damaged in any of them counts', async ({ folder }) => {
  const [a = [], b = []] = situation();
  const whole = write(folder, 'a.pcap', pcapOf(a));
  const [first = new Uint8Array(0), second = new Uint8Array(0)] = parts(b, 2);
  const packed = write(folder, 'b_00001_20260101120000.pcap.gz', gzipSync(first));
  const plain = write(folder, 'b_00002_20260101120500.pcap', second);
  expect((await judge([`leaf-a=${whole}`, `leaf-b=${packed},${plain}`])).verdict).toBe('pass');
  const torn = write(folder, 'b_00001_20260101120000.pcap', first.subarray(0, first.length - 5));
  const { verdict, reasons } = await judge([`leaf-a=${whole}`, `leaf-b=${torn},${plain}`]);
  expect(verdict).toBe('inconclusive');
  expect(reasons.join()).toContain(`(in ${torn})`);
});

test('a file that is missing between two is missed', ({ folder }) => {
  const [, b = []] = situation();
  for (const names of [
    ['b.pcap', 'b.pcap1', 'b.pcap3'],
    ['b_00001_20260101120000.pcap', 'b_00002_20260101120500.pcap', 'b_00004_20260101121500.pcap'],
  ]) {
    const files = parts(b, 3).map((bytes, i) => write(folder, names[i] ?? '', bytes));
    expect(() => captureFiles([files.join()])).toThrow(
      `between ${files[1] ?? ''} and ${files[2] ?? ''} a file is missing`,
    );
  }
  // A ring begins anew behind its last number.
  const ring = parts(b, 3).map((bytes, i) => write(folder, ['r.pcap2', 'r.pcap0', 'r.pcap1'][i] ?? '', bytes));
  expect(captureFiles([ring.join()])[0]?.files).toEqual(ring);
});

test('lz4 is read as gzip is', async ({ folder }) => {
  test.skip(!canUnpack('lz4'), 'the program lz4 is not installed: apt-get install lz4');
  const [a = [], b = []] = situation({ fate: 'lost' });
  const files = [a, b].map((frames, i) => {
    const { stdout } = spawnSync('lz4', ['-zcq'], { input: pcapOf(frames) });
    return write(folder, `${i}.pcap.lz4`, stdout);
  });
  const lost = await judge(files.map((file, i) => `leaf-${'ab'[i] ?? ''}=${file}`));
  expect(failuresOf(lost)).toEqual(['leaf-b missing 1']);
  const torn = spawnSync('lz4', ['-zcq'], { input: pcapOf(b) }).stdout.subarray(0, -40);
  const { verdict } = await judge([`leaf-a=${files[0] ?? ''}`, `leaf-b=${write(folder, 'torn.lz4', torn)}`]);
  expect(verdict).toBe('inconclusive');
});

test('what is in another format is refused with the command that converts it', async ({ folder }) => {
  const good = write(folder, 'a.pcap', pcapOf(situation()[0] ?? []));
  const bz2 = write(folder, 'b.pcap.bz2', Buffer.from('BZh91AY&SY and so on'));
  await expect(judge([good, bz2])).rejects.toMatchObject({
    message: `${bz2} is compressed with bzip2`,
    hint: `convert it: bzip2 -dc ${bz2} > ${join(folder, 'b.pcap')}`,
    exitCode: 2,
  });
  const text = write(
    folder,
    'b.txt',
    Buffer.from('14:13:21.002687 ARP, Request who-has 192.0.2.100 tell 192.0.2.10\n'),
  );
  await expect(judge([good, text])).rejects.toThrow(`${text} is the text that tcpdump prints`);
});

/** Two leaves in one pcapng file, each an interface. */
function twoInterfaces(leaves: readonly (readonly Captured[])[]): Uint8Array {
  const frames = leaves.flatMap((list, iface) => list.map(({ at, frame }) => ({ at, frame, iface })));
  return Buffer.concat([
    pcapngHeader(['swp1', 'swp2'].map((name) => ({ name, linkType: LINK_TYPE.ethernet, snapLength: 0 }))),
    ...frames
      .sort((x, y) => x.at - y.at)
      .map(({ at, frame, iface }) =>
        pcapngRecord({ seconds: 1_760_000_000 + Math.floor(at / 1e9), nanos: Math.floor(at % 1e9), frame, iface }),
      ),
  ]);
}

for (const fate of FATES) {
  test(`two interfaces of one file are two leaves: ${fate}`, async ({ folder }) => {
    const file = write(folder, 'both.pcapng', twoInterfaces(situation({ fate })));
    const { verdict, failures } = SAID[fate];
    for (const [one, other] of [
      ['swp1', 'swp2'],
      ['0', '1'],
    ] as const) {
      const judgement = await judge([`leaf-a=${file}@interface:${one}`, `leaf-b=${file}@interface:${other}`]);
      expect({ verdict: judgement.verdict, failures: failuresOf(judgement) }).toEqual({ verdict, failures });
    }
    await expect(judge([`leaf-a=${file}@interface:swp1`, `leaf-b=${file}@interface:swp3`])).rejects.toMatchObject({
      message: `${file} has no interface "swp3"`,
      hint: 'it has swp1, swp2',
    });
  });

  test(`two VLANs of mirrors are two leaves: ${fate}`, async ({ folder }) => {
    const frames = situation({ fate }).flatMap((list, leaf) =>
      list.map(({ at, frame }) => ({
        at,
        frame: withTags(frame, [{ tpid: 0x8100, vid: 901 + leaf, pcp: 0, dei: false }]),
      })),
    );
    const file = write(folder, 'both.pcap', pcapOf(frames.sort((x, y) => x.at - y.at)));
    const { verdict, failures } = SAID[fate];
    const judgement = await judge([`leaf-a=${file}@vlan:901`, `leaf-b=${file}@vlan:902`]);
    expect({ verdict: judgement.verdict, failures: failuresOf(judgement) }).toEqual({ verdict, failures });
    await expect(judge([`leaf-a=${file}@vlan:901`, `leaf-b=${file}@vlan:903`])).rejects.toMatchObject({
      hint: 'it holds VLAN 901, VLAN 902',
    });
  });
}
