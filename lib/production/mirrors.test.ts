import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { plainFrame, SECOND } from '../judge/testing/captures.js';
import {
  failuresOf,
  FATES,
  pcapOf,
  SAID,
  situation,
  SITUATION_HOSTS,
  type Captured,
  type SituationOptions,
} from '../judge/testing/situation.js';
import type { Judgement } from '../judge/types.js';
import { DEFAULT_PROFILE } from '../profile/registry.js';
import { captureFiles } from './captureFiles.js';
import { judgeCaptures } from './judgeCaptures.js';
import { MIRRORS, mirrorPacket, outer, type Mirror, type MirrorPacket } from './testing/mirrorPackets.js';

const test = base.extend<{ judge: Judge }>({
  judge: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-mirrors-'));
    await use(async (files, { isAuto = false, args = ['leaf-a=0', 'leaf-b=1'] } = {}) => {
      files.forEach((bytes, i) => {
        writeFileSync(join(folder, String(i)), bytes);
      });
      const captures = captureFiles(args.map((arg) => arg.replace('=', `=${folder}/`)));
      const { judgement } = await judgeCaptures(captures, {
        profile: DEFAULT_PROFILE,
        hosts: isAuto ? new Map() : new Map(SITUATION_HOSTS.map((mac) => [mac, mac])),
        isAuto,
        gateways: [],
        isSharedClock: false,
      });
      return judgement;
    });
    rmSync(folder, { recursive: true });
  },
});

type Judge = (
  files: readonly Uint8Array[],
  options?: { readonly isAuto?: boolean; readonly args?: readonly string[] },
) => Promise<Judgement>;

interface World extends SituationOptions {
  readonly mirror?: Mirror;
  readonly version?: 4 | 6;
  /** What becomes of a packet of leaf-b on its way, by its place: nothing, or other packets. */
  readonly onWay?: (packet: MirrorPacket, place: number) => readonly MirrorPacket[];
  /** LACPDUs or LLDP are in the mirror. */
  readonly isProved?: boolean;
}

/** Captures of one collector for each leaf: the mirror, and the ARP of the collector and its gateway. */
function mirrored({ mirror = 'ERSPAN II', version = 4, onWay, isProved = true, ...options }: World): Captured[][] {
  return situation(options).map((frames, leaf) => {
    const own = frames.filter(({ frame }) => isProved || !(frame[12] === 0x88 && frame[13] === 0xcc));
    const packets = own.flatMap(({ at, frame }, i) => {
      const packet: MirrorPacket = { frame, session: 11 + leaf, sequence: 0xfffffff0 + i, exporter: 1 + leaf };
      const left = leaf === 1 && onWay !== undefined ? onWay(packet, i) : [packet];
      return left.map((one) => ({
        at,
        frame: mirrorPacket(mirror, { ...one, sequence: one.sequence >>> 0 }, version),
      }));
    });
    const ends = [packets[0]?.at ?? 0, packets[packets.length - 1]?.at ?? 0];
    // The collector of leaf-a asks for its gateway, that of leaf-b never does.
    const collector =
      leaf === 0
        ? [200, 201, 202].map((host, i) => ({
            at: (ends[0] ?? 0) + (i + 1) * SECOND,
            frame: plainFrame('arp-request-broadcast', { host, variation: i }),
          }))
        : [];
    return [...packets, ...collector].sort((a, b) => a.at - b.at);
  });
}

const files = (captures: readonly Captured[][]): Uint8Array[] =>
  captures.map((frames, leaf) => pcapOf(frames, 1, leaf * 3.1 * SECOND));

for (const mirror of MIRRORS)
  for (const version of [4, 6] as const)
    for (const fate of version === 4 ? FATES : (['good', 'lost'] as const))
      test(`${mirror} over IPv${version}: ${fate}`, async ({ judge }) => {
        const { verdict, failures } = SAID[fate];
        for (const isAuto of version === 4 ? [false, true] : [false]) {
          const judgement = await judge(files(mirrored({ mirror, version, fate, seed: 5 })), { isAuto });
          expect({
            verdict: judgement.verdict,
            failures: failuresOf(judgement),
            reasons: judgement.reasons,
          }).toMatchObject({
            verdict,
            failures,
          });
        }
      });

for (const mirror of ['ERSPAN II', 'ERSPAN III'] as const) {
  test(`${mirror}: what the mirror lost is missed by nobody`, async ({ judge }) => {
    const { verdict, reasons, totals } = await judge(
      files(mirrored({ mirror, onWay: (packet, i) => (i === 20 || i === 21 ? [] : [packet]) })),
    );
    expect({ verdict, missing: totals.missing }).toEqual({ verdict: 'inconclusive', missing: 0 });
    expect(reasons.join()).toContain(`2 packets of ${mirror} session 12 from 203.0.113.2 never came to `);
  });

  test(`${mirror}: a packet that the way doubled is one frame`, async ({ judge }) => {
    const doubled = mirrored({ mirror, onWay: (packet, i) => (i % 7 === 3 ? [packet, packet] : [packet]) });
    expect(await judge(files(doubled))).toMatchObject({ verdict: 'pass', totals: { duplicate: 0 } });
  });

  test(`${mirror}: numbers that stand still tell nothing, and hide no duplicate`, async ({ judge }) => {
    const still = (fate: 'good' | 'doubled') =>
      judge(files(mirrored({ mirror, fate, onWay: (packet) => [{ ...packet, sequence: 0 }] })));
    expect((await still('good')).verdict).toBe('pass');
    expect(failuresOf(await still('doubled'))).toEqual(['leaf-b duplicate 1']);
  });

  test(`${mirror}: an exporter that begins anew proves nothing`, async ({ judge }) => {
    const anew = mirrored({ mirror, onWay: (packet, i) => [{ ...packet, sequence: i < 20 ? 5_000_000 + i : i }] });
    const { verdict, reasons } = await judge(files(anew));
    expect(verdict).toBe('inconclusive');
    expect(reasons.join()).toContain('begin anew');
  });

  test(`${mirror}: frames that the mirror cut cannot be compared`, async ({ judge }) => {
    const cut = mirrored({
      mirror,
      onWay: (packet, i) => [i === 20 ? { ...packet, frame: packet.frame.subarray(0, 40), isTruncated: true } : packet],
    });
    const { verdict, reasons } = await judge(files(cut));
    expect(verdict).toBe('inconclusive');
    expect(reasons.join()).toContain('cut too short to be compared');
  });
}

test('ERSPAN III that mirrors a frame in and out proves nothing of it', async ({ judge }) => {
  const both = mirrored({
    mirror: 'ERSPAN III',
    onWay: (packet, i) => [
      { ...packet, sequence: 2 * i },
      { ...packet, sequence: 2 * i + 1, isEgress: true },
    ],
  });
  const { verdict, reasons, totals } = await judge(files(both));
  expect({ verdict, duplicate: totals.duplicate }).toEqual({ verdict: 'inconclusive', duplicate: 0 });
  expect(reasons.join()).toContain('were mirrored both when received and when sent');
});

test('IP fragments are named', async ({ judge }) => {
  for (const isLater of [false, true]) {
    const captures = mirrored({}).map((frames, leaf) =>
      frames.map(({ at, frame }) => {
        const part = Uint8Array.from(frame);
        if (leaf === 1 && part[12] === 8 && part[13] === 0) part.set(isLater ? [0, 9] : [0x20, 0], 20);
        return { at, frame: part };
      }),
    );
    const { verdict, reasons, totals } = await judge(files(captures));
    expect({ verdict, missing: totals.missing }).toEqual({ verdict: 'inconclusive', missing: 0 });
    expect(reasons.join()).toMatch(/IP fragments?(?: of GRE)?, which are not put together/);
  }
});

test('overlays around a mirror are looked through, up to four', async ({ judge }) => {
  const inOverlays = (layers: number) =>
    mirrored({ fate: 'lost' }).map((frames) =>
      frames.map(({ at, frame }) => {
        let packet = frame;
        for (let i = 0; i < layers && frame[13] === 0; i++)
          packet = mirrorPacket('VXLAN', { frame: packet, session: 70 + i, sequence: 0, exporter: 50 + i });
        return { at, frame: packet };
      }),
    );
  for (const layers of [1, 3]) expect(failuresOf(await judge(files(inOverlays(layers))))).toEqual(['leaf-b missing 1']);
  const { verdict, totals } = await judge(files(inOverlays(6)));
  expect({ verdict, missing: totals.missing }).toEqual({ verdict: 'inconclusive', missing: 0 });
});

for (const mirror of ['VXLAN', 'Geneve', 'GRE'] as const) {
  test(`${mirror} that nothing shows to be a mirror proves nothing, unless it is said`, async ({ judge }) => {
    const unproved = files(mirrored({ mirror, isProved: false, fate: 'lost' }));
    const { verdict, reasons, totals } = await judge(unproved);
    expect({ verdict, missing: totals.missing }).toEqual({ verdict: 'inconclusive', missing: 0 });
    expect(reasons.join()).toContain(`in ${mirror} `);
    const said = await judge(unproved, { args: ['leaf-a=0@session:11', 'leaf-b=1@session:203.0.113.2/12'] });
    expect(failuresOf(said)).toEqual(['leaf-b missing 1']);
  });
}

test('the overlay of a host is its data, in which nobody looks for hosts', async ({ judge }) => {
  for (const fate of FATES) {
    const leaves = situation({ fate, seed: 9 }).map((frames, leaf) => {
      const tunnel = frames.flatMap(({ at }, i) => {
        const frame = mirrorPacket('VXLAN', {
          frame: plainFrame('arp-request-broadcast', { host: 66, variation: 100 * leaf + i }),
          session: 5,
          sequence: 0,
          exporter: 1,
        });
        frame.set([2, 0, 0, 0, 1, 10], 6);
        return i % 2 === leaf ? [{ at: at + 7_000_000, frame }] : [];
      });
      return [...frames, ...tunnel].sort((a, b) => a.at - b.at);
    });
    const { verdict, failures } = SAID[fate];
    const judgement = await judge(files(leaves));
    expect({ verdict: judgement.verdict, failures: failuresOf(judgement) }).toEqual({ verdict, failures });
  }
});

test('frames of hosts on the port and in a mirror: choose', async ({ judge }) => {
  const captures = mirrored({}).map((frames, leaf) =>
    leaf === 0 ? frames : [...frames, ...(situation({ fate: 'lost' })[1] ?? [])].sort((a, b) => a.at - b.at),
  );
  const { verdict, reasons } = await judge(files(captures));
  expect(verdict).toBe('inconclusive');
  expect(reasons.join()).toContain('both as they are on a port and in ERSPAN II session 12 from 203.0.113.2');
  const outside = await judge(files(captures), { args: ['leaf-a=0', 'leaf-b=1@port'] });
  expect(failuresOf(outside)).toEqual(['leaf-b missing 1']);
  const inside = await judge(files(captures), { args: ['leaf-a=0', 'leaf-b=1@session:12'] });
  expect(inside.verdict).toBe('pass');
});

test('one capture of a collector is split by session', async ({ judge }) => {
  for (const fate of FATES) {
    const [a = [], b = []] = mirrored({ fate });
    const one = [pcapOf([...a, ...b].sort((x, y) => x.at - y.at))];
    const { verdict, failures } = SAID[fate];
    const judgement = await judge(one, { args: ['leaf-a=0@session:11', 'leaf-b=0@session:12'] });
    expect({ verdict: judgement.verdict, failures: failuresOf(judgement) }).toEqual({ verdict, failures });
    // What went wrong on leaf-b alone is a failure whatever leaf-a is.
    const whole = await judge([...one, pcapOf(b)]);
    expect(whole.verdict).toBe(fate === 'doubled' ? 'fail' : 'inconclusive');
    expect(whole.reasons.join()).toContain('ERSPAN II session 11 from 203.0.113.1 and ERSPAN II session 12');
    for (const [args, message] of [
      [['leaf-a=0@session:11', 'leaf-b=0@session:13'], /no session 13/],
      [['leaf-a=0@session:11', 'leaf-b=0@vlan:13'], /no frame of VLAN 13/],
      [['leaf-a=0@session:11', 'leaf-b=0@interface:x'], /no interface "x"/],
    ] as const)
      await expect(judge(one, { args })).rejects.toThrow(message);
  }
});

test('what is no packet of a mirror stays what it is', async ({ judge }) => {
  const strange = [
    outer(4, 47, Uint8Array.of(0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x30, 0, 0, 1, 0, 0, 0, 0), 1),
    outer(4, 47, Uint8Array.of(0, 1, 0x88, 0xbe), 1),
    outer(6, 47, Uint8Array.of(0x10), 1),
    outer(4, 17, Uint8Array.of(0, 1, 0x12, 0xb5, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 1),
    outer(4, 17, Uint8Array.of(0, 1, 0x90, 0x90, 0, 20, 0, 0, 1, 0, 0, 1, 41, 200, 0, 0), 1),
  ];
  const captures = situation({ fate: 'lost' }).map((frames) =>
    [...frames, ...strange.map((frame, i) => ({ at: 2 * SECOND + i * 1_000, frame }))].sort((a, b) => a.at - b.at),
  );
  for (const isAuto of [false, true])
    expect(failuresOf(await judge(files(captures), { isAuto }))).toEqual(['leaf-b missing 1']);
});
