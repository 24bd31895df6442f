import { LINK_TYPE } from '../../pcap/linkType.js';
import { atSwitchPort, SWITCH_PORT_LINKS } from '../../pcap/testing/switchPort.js';
import { MS, plainFrame, SECOND, US } from '../../judge/testing/captures.js';
import { fieldWorld, type World, type WorldOptions } from '../../judge/testing/fieldWorld.js';
import { fileOf, type FileFormat } from '../../judge/testing/fileFormats.js';
import type { Captured, Fate } from '../../judge/testing/situation.js';
import { MIRRORS, mirrorPacket } from './mirrorPackets.js';

/** Captures as engineers have them. */
export interface FieldCase {
  readonly world: World;
  readonly files: readonly Uint8Array[];
}

/** `roll`: chance that does not depend on the fate, so that right and wrong captures are twins. */
export type FieldKind = (seed: number, fate: Fate, roll: () => number) => FieldCase;

const NANO: FileFormat = { type: 'pcap', resolution: { digits: 9 } };
const FORMATS: readonly FileFormat[] = [
  { type: 'pcap' },
  { type: 'pcap', isBigEndian: true },
  NANO,
  { ...NANO, isBigEndian: true },
  { type: 'pcapng' },
  { type: 'pcapng', isBigEndian: true, resolution: { digits: 9 } },
  { type: 'pcapng', resolution: { digits: 4 } },
  { type: 'pcapng', resolution: { digits: 3 } },
  { type: 'pcapng', resolution: { digits: 7 }, offsetSeconds: -3_600 },
  { type: 'pcapng', resolution: { digits: 12 }, offsetSeconds: 1_759_000_000 },
  { type: 'pcapng', resolution: { bits: 16 } },
  { type: 'pcapng', resolution: { bits: 20 }, offsetSeconds: 1_700_000_000 },
  { type: 'pcapng', resolution: { bits: 30 }, before: [{ digits: 3 }, { bits: 10 }] },
];
const TPIDS = [0x8100, 0x88a8, 0x9100, 0x9200, 0x9300] as const;

const behindMacs =
  (...bytes: readonly number[]) =>
  (frame: Uint8Array): Uint8Array =>
    Uint8Array.of(...frame.subarray(0, 12), ...bytes, ...frame.subarray(12));

const PORT_TAGS: readonly ((frame: Uint8Array) => Uint8Array)[] = [
  (frame) => frame,
  behindMacs(0x89, 0x3f, 0, 0, 1, 0, 0, 0),
  behindMacs(0x89, 0x26, 0x80, 1, 0, 2),
  behindMacs(0xda, 0xda, 0, 0, 0xc0, 0x28, 0, 1),
];

/** An 802.3 length, LLC and SNAP (RFC 1042) in front of the EtherType of a frame without tags; LLDP is never so. */
function inSnap(frame: Uint8Array): Uint8Array {
  if (frame[12] === 0x88 && frame[13] === 0xcc) return frame;
  const length = 8 + frame.length - 14;
  return behindMacs(length >> 8, length & 0xff, 0xaa, 0xaa, 3, 0, 0, 0)(frame);
}

export function pick<T>(roll: () => number, from: readonly [T, ...T[]] | readonly T[]): T {
  const picked = from[Math.floor(roll() * from.length)];
  if (picked === undefined) throw new RangeError('nothing to pick from');
  return picked;
}

/** Files of a world; each leaf's frames as `see` makes them, its clock as far ahead as `ahead` says, in ns. */
function captured(
  options: WorldOptions,
  format: (leaf: number) => FileFormat,
  ahead: (leaf: number) => number,
  see: (frame: Uint8Array, leaf: number, place: number) => Uint8Array = (frame) => frame,
): FieldCase {
  const world = fieldWorld(options);
  const files = world.leaves.map((frames, leaf) =>
    fileOf(
      frames.map(({ at, frame }, place) => ({ at, frame: see(frame, leaf, place) })),
      format(leaf),
      ahead(leaf),
    ),
  );
  return { world, files };
}

/** One failure of leaf-b or a later leaf is told as such, and what is right passes. */
export const TOLD: Readonly<Record<string, FieldKind>> = {
  'formats, byte orders and resolutions': (seed, fate, roll) => {
    const formats = [pick(roll, FORMATS), pick(roll, FORMATS), pick(roll, FORMATS)];
    const ahead = [0, (roll() - 0.5) * 2 * pick(roll, [0, 1, 60]) * SECOND, roll() * SECOND];
    return captured(
      { seed, fate, leaves: pick(roll, [2, 3]) },
      (leaf) => formats[leaf] ?? NANO,
      (leaf) => ahead[leaf] ?? 0,
    );
  },
  'snap lengths that differ': (seed, fate, roll) => {
    const lengths = [pick(roll, [96, 128, 256, 1_000]), pick(roll, [96, 100, 256, 1_000])];
    return captured(
      { seed, fate },
      (leaf) => ({ ...NANO, snapLength: lengths[leaf] ?? 256 }),
      (leaf) => leaf * 2.3 * SECOND,
    );
  },
  'one tag of any EtherType, and port tags of each leaf': (seed, fate, roll) => {
    const tag = {
      tpid: pick(roll, TPIDS),
      vid: 1 + Math.floor(roll() * 4_094),
      pcp: Math.floor(roll() * 8),
      dei: roll() < 0.5,
    };
    const put = [pick(roll, PORT_TAGS), pick(roll, PORT_TAGS)];
    return captured(
      { seed, fate, tags: [tag] },
      () => NANO,
      (leaf) => leaf * 1.3 * SECOND,
      (frame, leaf) => put[leaf]?.(frame) ?? frame,
    );
  },
  SNAP: (seed, fate) =>
    captured(
      { seed, fate },
      () => NANO,
      (leaf) => leaf * -0.7 * SECOND,
      inSnap,
    ),
  'link types of switches': (seed, fate, roll) => {
    const tags = pick(roll, [[], [{ tpid: 0x8100, vid: 5, pcp: 6, dei: true } as const]]);
    const types = [0, 1, 2].map(() => pick(roll, [LINK_TYPE.ethernet, ...SWITCH_PORT_LINKS]));
    const format = pick(roll, FORMATS);
    const typeOf = (leaf: number): number => types[leaf] ?? LINK_TYPE.ethernet;
    return captured(
      { seed, fate, tags, leaves: pick(roll, [2, 3]) },
      (leaf) => ({ ...format, linkType: typeOf(leaf) }),
      (leaf) => leaf * 1.3 * SECOND,
      (frame, leaf) => (typeOf(leaf) === LINK_TYPE.ethernet ? frame : atSwitchPort(frame, typeOf(leaf), 1 + leaf)),
    );
  },
  'mirrors, with tags of their own and numbers that begin again at 0': (seed, fate, roll) => {
    const mirrors = [pick(roll, MIRRORS), pick(roll, MIRRORS)];
    const from = pick(roll, [0, 0xfffffff0, 5, 0x7ffffff0]);
    const tags = pick(roll, [[], [0x81, 0, 0x03, 0x85], [0x88, 0xa8, 0, 9, 0x81, 0, 3, 4], [0x91, 0, 0, 9]]);
    const version = pick(roll, [4, 6] as const);
    return captured(
      { seed, fate },
      () => NANO,
      (leaf) => leaf * 1.3 * SECOND,
      (frame, leaf, place) =>
        behindMacs(...tags)(
          mirrorPacket(
            mirrors[leaf] ?? 'TZSP',
            { frame, session: 3 + leaf, sequence: (from + place) >>> 0, exporter: 1 + leaf },
            version,
          ),
        ),
    );
  },
  'packets of a mirror that the way to the collector doubles': (seed, fate, roll) => {
    const mirror = pick(roll, ['ERSPAN II', 'ERSPAN III'] as const);
    const world = fieldWorld({ seed, fate });
    const files = world.leaves.map((frames, leaf) => {
      const packets = frames.flatMap(({ at, frame }, place): Captured[] => {
        const sequence = (0xfffffff0 + place) >>> 0;
        const packet = mirrorPacket(mirror, { frame, session: 7 + leaf, sequence, exporter: 1 + leaf });
        return roll() < 0.15
          ? [
              { at, frame: packet },
              { at: at + 30 * US, frame: packet },
            ]
          : [{ at, frame: packet }];
      });
      return fileOf(
        packets.sort((a, b) => a.at - b.at),
        NANO,
      );
    });
    return { world, files };
  },
  'a session of each direction': (seed, fate, roll) => {
    const mirror = pick(roll, MIRRORS);
    const world = fieldWorld({ seed, fate });
    const files = world.leaves.map((frames, leaf) => {
      const sent = { count: 0 };
      const packets = frames.flatMap(({ at, frame }, sequence): Captured[] => {
        const received = mirrorPacket(mirror, { frame, session: 7, sequence, exporter: 1 + leaf });
        if (roll() >= 0.4) return [{ at, frame: received }];
        // What the leaf itself says to the host.
        const own = plainFrame('arp-request-unicast', { host: 200 + leaf, variation: sent.count });
        const other = mirrorPacket(mirror, { frame: own, session: 8, sequence: sent.count++, exporter: 31 + leaf });
        return [
          { at, frame: received },
          { at: at + 400 * US, frame: other },
        ];
      });
      return fileOf(
        packets.sort((a, b) => a.at - b.at),
        NANO,
      );
    });
    return { world, files };
  },
  'a frame each minute or two, and clocks far apart that drift': (seed, fate, roll) => {
    const everyMs = pick(roll, [20_000, 60_000, 120_000]);
    const ahead = pick(roll, [0.4, 3.2, 61.7, 1_803.3, 3_599.9]) * (roll() < 0.5 ? 1 : -1);
    const ppm = (roll() - 0.5) * 200;
    const world = fieldWorld({ seed, fate, frames: pick(roll, [16, 24, 40]), everyMs, hasData: roll() < 0.4 });
    const files = world.leaves.map((frames, leaf) =>
      fileOf(
        frames.map(({ at, frame }) => ({ at: leaf === 0 ? at : Math.round(at * (1 + ppm * 1e-6)), frame })),
        { type: 'pcap' },
        (3_700 + (leaf === 0 ? 0 : ahead)) * SECOND,
      ),
    );
    return { world, files };
  },
};

/** Captures that prove nothing: what is right is inconclusive, and no failure is told but one that was there. */
export const DOUBTFUL: Readonly<Record<string, FieldKind>> = {
  'files joined, in either order': (seed, fate, roll) => {
    const world = fieldWorld({ seed, fate });
    const formats = [pick(roll, FORMATS), pick(roll, FORMATS)];
    const [a = [], b = []] = world.leaves;
    const cut = Math.floor(b.length * (0.3 + roll() * 0.5));
    const parts = [b.slice(0, cut), b.slice(cut)].map((part, i) => fileOf(part, formats[i] ?? NANO));
    return {
      world,
      files: [fileOf(a, NANO), Uint8Array.from(Buffer.concat(roll() < 0.5 ? parts : parts.reverse()))],
    };
  },
  'a last record that is torn': (seed, fate, roll) => {
    const world = fieldWorld({ seed, fate });
    const format = pick(roll, FORMATS);
    const which = Math.floor(roll() * 2);
    // Less than any record.
    const torn = 1 + Math.floor(roll() * 15);
    const files = world.leaves.map((frames, leaf) => {
      const bytes = fileOf(frames, format);
      return leaf === which ? bytes.subarray(0, bytes.length - torn) : bytes;
    });
    return { world, files };
  },
  'a gap of the mirror where the frame is not': (seed, fate, roll) => {
    const world = fieldWorld({ seed, fate: fate === 'good' ? 'lost' : fate });
    const mirror = pick(roll, ['ERSPAN II', 'ERSPAN III'] as const);
    const from = pick(roll, [0xffffffe0, 0, 0x7fffffe8, 100]);
    const files = world.leaves.map((frames, leaf) =>
      fileOf(
        frames.map(({ at, frame }, place) => {
          // The number of the frame that leaf-b lacks is not used.
          const isBehind = leaf === world.victim.leaf && at > world.victim.at;
          const sequence = (from + place + (isBehind ? 1 : 0)) >>> 0;
          return { at, frame: mirrorPacket(mirror, { frame, session: 7 + leaf, sequence, exporter: 1 + leaf }) };
        }),
        NANO,
        leaf * 0.7 * SECOND,
      ),
    );
    return { world, files };
  },
  'one port captured twice': (seed, fate, roll) => {
    const world = fieldWorld({ seed, fate: 'good' });
    const hears = ({ frame }: Captured): boolean => frame[12] !== 0x88;
    const one = [...(world.leaves[0] ?? []), ...(world.leaves[1] ?? []).filter(isData)].sort((x, y) => x.at - y.at);
    const twin = pick<(frame: Captured, place: number) => boolean>(roll, [
      () => true,
      (_, place) => place > one.length * 0.4,
      (_, place) => place > one.length * 0.2 && place < one.length * 0.8,
      // It lacks frames, and data with them.
      (frame, place) => !hears(frame) || place % (3 + (seed % 5)) !== 1,
    ]);
    const isWrong = fate !== 'good';
    const other = one.filter(twin).filter((_, place) => !isWrong || place !== 11);
    return { world, files: [fileOf(one, NANO), fileOf(other, { ...NANO, snapLength: pick(roll, [96, 256]) })] };
  },
};

/** UDP, over either family. */
function isData({ frame }: Captured): boolean {
  return (frame[12] === 0x08 && frame[13] === 0) || (frame[12] === 0x86 && frame[14 + 6] === 17);
}

/** A burst of one host, and how often leaf-b (or a later leaf) sees one of its frames. */
export interface FieldBurst extends FieldCase {
  /** More or fewer copies there than were said. */
  readonly over: -1 | 0 | 1;
  readonly name: string;
}

/** Equal announcements, 2 to 20 at once, amid other frames. */
export function fieldBurst(seed: number, over: FieldBurst['over'], roll: () => number): FieldBurst {
  const leaves = pick(roll, [2, 2, 3]);
  const made = fieldWorld({ seed, fate: 'good', leaves, frames: 30, everyMs: 400 });
  const count = 2 + Math.floor(roll() * 19);
  const gap = pick(roll, [15, 40, 100, 300, 900, 1_500]) * US;
  const kind = pick(roll, ['garp-request', 'garp-reply', 'na-unsolicited', 'arp-announcement'] as const);
  const times = pick(roll, [1, 2, 3, 4]);
  const victim = 1 + Math.floor(roll() * (leaves - 1));
  const place = Math.floor(roll() * count);
  const burst = Array.from({ length: times }, (_, time) =>
    Array.from({ length: count }, (_frame, i) => ({ at: (2 + 2 * time) * SECOND + 137 * MS + i * gap, time, i })),
  ).flat();
  const frame = plainFrame(kind, { host: 10 });
  const all = made.leaves.map((frames, leaf) => {
    const own = burst.flatMap(({ at, time, i }): Captured[] => {
      const isHit = time === 0 && i === place && leaf === victim;
      const seen = { at: Math.round(at + (leaf === 0 ? 0 : roll() * 30 * US)), frame };
      if (isHit && over < 0) return [];
      return isHit && over > 0 ? [seen, { at: Math.round(seen.at + 5 * US + roll() * 100 * US), frame }] : [seen];
    });
    return [...frames, ...own].sort((x, y) => x.at - y.at);
  });
  const world = { ...made, leaves: all, victim: { leaf: victim, kind, at: 0 } };
  return {
    world,
    over,
    name: `${times} x ${count} ${kind} ${gap / US} us apart, ${leaves} leaves`,
    files: all.map((frames, leaf) => fileOf(frames, NANO, leaf * 1.1 * SECOND)),
  };
}
