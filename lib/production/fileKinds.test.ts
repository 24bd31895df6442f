import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test as base } from '@playwright/test';
import { dice } from '../dice.js';
import { SECOND } from '../judge/testing/captures.js';
import type { World } from '../judge/testing/fieldWorld.js';
import { fileOf, type FileFormat } from '../judge/testing/fileFormats.js';
import { failuresOf, FATES, type Captured, type Fate } from '../judge/testing/situation.js';
import { variedWorld } from '../judge/testing/variedWorld.js';
import { LINK_TYPE } from '../pcap/linkType.js';
import { pcapngHeader, pcapngRecord } from '../pcap/write.js';
import { DEFAULT_PROFILE } from '../profile/registry.js';
import type { Judgement } from '../judge/types.js';
import { captureFiles } from './captureFiles.js';
import { judgeCaptures } from './judgeCaptures.js';
import { canUnpack } from './packing.js';
import { pick } from './testing/fieldKinds.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-files-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

const SEEDS = Array.from({ length: 10 }, (_, i) => i + 1);
const WRONG = { lost: 'missing', doubled: 'duplicate', altered: 'altered' } as const;
const FORMATS: readonly FileFormat[] = [
  { type: 'pcap' },
  { type: 'pcap', resolution: { digits: 9 }, isBigEndian: true },
  { type: 'pcapng', resolution: { digits: 9 } },
];

function write(folder: string, name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function judge(args: readonly string[], { hosts }: Pick<World, 'hosts'>): Promise<Judgement> {
  const { judgement } = await judgeCaptures(captureFiles(args), {
    profile: DEFAULT_PROFILE,
    hosts: new Map(hosts.map((mac) => [mac, mac])),
    isAuto: false,
    gateways: [],
    isSharedClock: false,
  });
  return judgement;
}

/** Frames cut at these places. */
function cutAt(frames: readonly Captured[], places: readonly number[]): readonly (readonly Captured[])[] {
  const all = [0, ...[...new Set(places)].sort((a, b) => a - b), frames.length];
  return all.slice(1).map((to, i) => frames.slice(all[i], to));
}

function partsOf(frames: readonly Captured[], count: number, roll: () => number): readonly (readonly Captured[])[] {
  return cutAt(
    frames,
    Array.from({ length: count - 1 }, () => 1 + Math.floor(roll() * (frames.length - 2))),
  );
}

function shuffled<T>(list: readonly T[], roll: () => number): readonly T[] {
  return list
    .map((entry) => ({ entry, place: roll() }))
    .sort((a, b) => a.place - b.place)
    .map(({ entry }) => entry);
}

/** Each seed and fate, in a folder of its own. */
async function eachTwin(
  folder: string,
  look: (twin: {
    seed: number;
    fate: Fate;
    roll: () => number;
    world: World;
    own: string;
    due: readonly string[];
  }) => Promise<void>,
): Promise<void> {
  for (const seed of SEEDS)
    for (const fate of FATES) {
      const own = join(folder, `${seed}-${fate}`);
      mkdirSync(own);
      const world = variedWorld({ seed, fate, frames: 80 });
      const due = fate === 'good' ? [] : [`leaf-b ${WRONG[fate]} 1`];
      await look({ seed, fate, roll: dice(seed), world, own, due });
    }
}

test('rotated files, numbered or by time, in any order or as a folder, are one capture', async ({ folder }) => {
  await eachTwin(folder, async ({ seed, fate, roll, world, own, due }) => {
    const [a = [], b = []] = world.leaves;
    const format = pick(roll, FORMATS);
    const parts = partsOf(b, 2 + Math.floor(roll() * 9), roll);
    const name = pick<(i: number) => string>(roll, [
      (i) => `b.pcap${i}`,
      (i) => (i === 0 ? 'b.pcap' : `b.pcap${i}`),
      (i) => `b_${String(i + 1).padStart(5, '0')}_202601011200${String(i + 10)}.pcapng`,
      (i) => `b-2026-01-01_12.${String(i + 10)}.00.pcap`,
    ]);
    const isPacked = roll() < 0.3;
    const rotated = join(own, 'b');
    mkdirSync(rotated);
    const paths = parts.map((part, i) => {
      const bytes = fileOf(part, format, 2.2 * SECOND);
      return write(rotated, `${name(i)}${isPacked ? '.gz' : ''}`, isPacked ? gzipSync(bytes) : bytes);
    });
    const whole = write(own, 'a.pcap', fileOf(a, pick(roll, FORMATS)));
    const given = paths.length > 1 && roll() < 0.5 ? shuffled(paths, roll).join() : rotated;
    const judgement = await judge([`leaf-a=${whole}`, `leaf-b=${given}`], world);
    expect({
      seed,
      fate,
      given,
      failures: failuresOf(judgement),
      verdict: judgement.verdict,
      reasons: judgement.reasons,
    }).toMatchObject({
      verdict: fate === 'good' ? 'pass' : 'fail',
      failures: due,
    });
  });
});

test('files that overlap in time, or are given as one though they are two captures, prove nothing', async ({
  folder,
}) => {
  await eachTwin(folder, async ({ seed, fate, roll, world, own }) => {
    const [a = [], b = []] = world.leaves;
    const [from, to] = [Math.floor(b.length * 0.3), Math.floor(b.length * (0.5 + roll() * 0.3))];
    const paths = [b.slice(0, to), b.slice(from)].map((part, i) =>
      write(own, `part${i}x.pcap`, fileOf(part, { type: 'pcap' })),
    );
    const whole = write(own, 'a.pcap', fileOf(a, { type: 'pcap' }));
    const { verdict, reasons } = await judge([`leaf-a=${whole}`, `leaf-b=${shuffled(paths, roll).join()}`], world);
    expect({ seed, fate, verdict, reasons }).toMatchObject({ verdict: 'inconclusive' });
    expect(reasons.join()).toMatch(/go back by/);
  });
});

test('joined files are recognised, in either format, whatever comes first', async ({ folder }) => {
  await eachTwin(folder, async ({ seed, fate, roll, world, own }) => {
    const [a = [], b = []] = world.leaves;
    const formats = [pick(roll, FORMATS), pick(roll, FORMATS)];
    const parts = partsOf(b, 2, roll).map((part, i) => fileOf(part, formats[i] ?? { type: 'pcap' }));
    const both = write(own, 'b.pcap', Buffer.concat(roll() < 0.5 ? parts : [...parts].reverse()));
    const whole = write(own, 'a.pcap', fileOf(a, { type: 'pcap' }));
    const { verdict, reasons, window } = await judge([`leaf-a=${whole}`, `leaf-b=${both}`], world);
    expect({ seed, fate, verdict }).toEqual({ seed, fate, verdict: 'inconclusive' });
    expect({ seed, reasons: reasons.join() }).toEqual({
      seed,
      reasons: expect.stringMatching(/joined|second file begins|another capture begins|begins there/) as unknown,
    });
    expect(Number(BigInt(window.toNs) - BigInt(window.fromNs)) / SECOND).toBeLessThan(60);
  });
});

test('two interfaces of one pcapng file are two leaves', async ({ folder }) => {
  await eachTwin(folder, async ({ seed, fate, roll, world, own, due }) => {
    const names = pick(roll, [
      ['swp1', 'swp2'],
      ['Ethernet1/1', 'Ethernet1/2'],
      ['0-a', '1-b'],
    ]);
    const frames = world.leaves.flatMap((list, iface) => list.map(({ at, frame }) => ({ at, frame, iface })));
    const file = write(
      own,
      'both.pcapng',
      Buffer.concat([
        pcapngHeader(names.map((name) => ({ name, linkType: LINK_TYPE.ethernet, snapLength: 0 }))),
        ...frames
          .sort((x, y) => x.at - y.at)
          .map(({ at, frame, iface }) =>
            pcapngRecord({ seconds: 1_760_000_000 + Math.floor(at / SECOND), nanos: at % SECOND, frame, iface }),
          ),
      ]),
    );
    const by = roll() < 0.5 ? names : ['0', '1'];
    const judgement = await judge(
      by.map((name, leaf) => `leaf-${'ab'[leaf] ?? ''}=${file}@interface:${name}`),
      world,
    );
    expect({ seed, fate, verdict: judgement.verdict, failures: failuresOf(judgement) }).toMatchObject({
      verdict: fate === 'good' ? 'pass' : 'fail',
      failures: due,
    });
  });
});

test('what lz4, zstd and gzip pack is judged as it is', async ({ folder }) => {
  await eachTwin(folder, async ({ seed, fate, roll, world, own, due }) => {
    if (fate === 'doubled' || seed > 3) return;
    const program = pick(roll, (['lz4', 'zstd', 'gzip'] as const).filter(canUnpack));
    const files = world.leaves.map((frames, leaf) => {
      const { stdout } = spawnSync(program, ['-c'], { input: fileOf(frames, pick(roll, FORMATS)) });
      return `leaf-${'ab'[leaf] ?? ''}=${write(own, `${leaf}.pcap.${program}`, stdout)}`;
    });
    const judgement = await judge(files, world);
    expect({ seed, fate, program, verdict: judgement.verdict, failures: failuresOf(judgement) }).toMatchObject({
      verdict: fate === 'good' ? 'pass' : 'fail',
      failures: due,
    });
  });
});

test('a fraction of a second beyond one is carried into the seconds', async ({ folder }) => {
  await eachTwin(folder, async ({ seed, fate, roll, world, own, due }) => {
    const files = world.leaves.map((frames, leaf) => {
      const bytes = Buffer.from(fileOf(frames, { type: 'pcap' }));
      for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8))
        if (roll() < 0.2) {
          bytes.writeUInt32LE(bytes.readUInt32LE(at) - 1, at);
          bytes.writeUInt32LE(bytes.readUInt32LE(at + 4) + 1_000_000, at + 4);
        }
      return `leaf-${'ab'[leaf] ?? ''}=${write(own, `${leaf}.pcap`, bytes)}`;
    });
    const judgement = await judge(files, world);
    expect({ seed, fate, verdict: judgement.verdict, failures: failuresOf(judgement) }).toMatchObject({
      verdict: fate === 'good' ? 'pass' : 'fail',
      failures: due,
    });
  });
});

test('what is no capture, or the beginning of one only, never passes, and what others read is refused', async ({
  folder,
}) => {
  const world = variedWorld({ seed: 5, fate: 'good' });
  const [a = [], b = []] = world.leaves.map((frames) => fileOf(frames, { type: 'pcap' }));
  const whole = `leaf-a=${write(folder, 'a.pcap', Uint8Array.from(a))}`;
  for (const length of [0, 1, 3, 4, 10, 23, 24, 30, 41]) {
    const cut = write(folder, `cut${length}.pcap`, Uint8Array.from(b).subarray(0, length));
    const { verdict, reasons } = await judge([whole, `leaf-b=${cut}`], world);
    expect({ length, verdict }).toEqual({ length, verdict: 'inconclusive' });
    expect(reasons.join()).toContain(cut);
  }
  const foreign: Readonly<Record<string, readonly [bytes: string, command: string | null]>> = {
    'b.pcap.bz2': ['BZh91AY&SY', 'bzip2 -dc'],
    'b.pcap.xz': ['\xfd7zXZ\0\0\x04', 'xz -dc'],
    'b.snoop': ['snoop\0\0\0\0\0\0\x02\0\0\0\x04', 'editcap -F pcapng'],
    'btsnoop_hci.log': ['btsnoop\0\0\0\0\x01\0\0\x03\xea', 'editcap -F pcapng'],
    'b.5vw': ['\xaa\xaa\xaa\xaa\x20\0\0\0', 'editcap -F pcapng'],
    'b.tr1': ['\x01\x10\x4c\0\0\0\0\0', 'editcap -F pcapng'],
    'b.tar': [`${'b.pcap'.padEnd(257, '\0')}ustar\0`, 'tar -xOf'],
    'b.zip': ['PK\x03\x04\x14\0\0\0', 'unzip -p'],
    'b.txt': ['14:13:21.002687 ARP, Request who-has 192.0.2.100 tell 192.0.2.10\n', null],
    'b.json': ['[\n  {\n    "_index": "packets-2026-01-01",\n', null],
  };
  for (const [name, [text, command]] of Object.entries(foreign)) {
    const file = write(folder, name, Buffer.from(text, 'latin1'));
    const refused = judge([whole, `leaf-b=${file}`], world);
    await expect(refused).rejects.toMatchObject({
      exitCode: 2,
      hint: expect.stringContaining(command === null ? 'tcpdump -i swp1 -w' : `convert it: ${command}`),
    });
  }
});
