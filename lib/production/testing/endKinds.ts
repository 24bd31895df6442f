import { SECOND, US, MS } from '../../judge/testing/captures.js';
import { fileOf, type FileFormat } from '../../judge/testing/fileFormats.js';
import type { Captured } from '../../judge/testing/situation.js';
import { variedWorld } from '../../judge/testing/variedWorld.js';
import { LINK_TYPE, PACKET_TYPE } from '../../pcap/linkType.js';
import { atSwitchPort, SWITCH_PORT_LINKS } from '../../pcap/testing/switchPort.js';
import { pick } from './fieldKinds.js';
import { MIRRORS, mirrorPacket } from './mirrorPackets.js';
import type { Kind } from './twins.js';

const NANO: FileFormat = { type: 'pcap', resolution: { digits: 9 } };

/** How one leaf is captured. */
interface End {
  readonly name: string;
  readonly format: FileFormat;
  readonly see: (frame: Uint8Array, place: number) => Uint8Array;
}

const padded = (frame: Uint8Array, more: readonly number[] = []): Uint8Array =>
  Uint8Array.of(...frame, ...new Uint8Array(Math.max(0, 60 - frame.length)), ...more);
const asItIs = (frame: Uint8Array): Uint8Array => frame;

const ENDS: readonly ((leaf: number, roll: () => number) => End)[] = [
  () => ({ name: 'plain', format: NANO, see: asItIs }),
  (leaf, roll) => {
    const mirror = pick(roll, MIRRORS);
    const version = pick(roll, [4, 6] as const);
    return {
      name: `${mirror} over IPv${version}`,
      format: NANO,
      see: (frame, sequence) => mirrorPacket(mirror, { frame, session: 3, sequence, exporter: 1 + leaf }, version),
    };
  },
  (leaf, roll) => {
    const linkType = pick(roll, SWITCH_PORT_LINKS);
    return {
      name: `link type ${linkType}`,
      format: { ...NANO, linkType },
      see: (frame) => atSwitchPort(frame, linkType, 1 + leaf),
    };
  },
  () => ({ name: 'cut behind 96 bytes', format: { type: 'pcap', snapLength: 96 }, see: asItIs }),
  () => ({ name: 'big-endian', format: { type: 'pcap', isBigEndian: true }, see: asItIs }),
  () => ({ name: 'padded', format: NANO, see: (frame) => padded(frame) }),
  () => ({ name: 'with FCS', format: NANO, see: (frame) => padded(frame, [1, 2, 3, 4]) }),
  () => ({ name: 'milliseconds', format: { type: 'pcapng', resolution: { digits: 3 } }, see: asItIs }),
];

/** Each leaf is captured in its own way: mirrored, at a switch's CPU, cut, padded, or plain. */
export const DIFFERENT_ENDS: Kind = (seed, fate, roll) => {
  const world = variedWorld({ seed, fate, tags: [], hasStranger: roll() < 0.3 });
  const ends = world.leaves.map((_, leaf) => pick(roll, ENDS)(leaf, roll));
  const files = world.leaves.map((frames, leaf) => {
    const { format, see } = ends[leaf] ?? { format: NANO, see: asItIs };
    return fileOf(
      frames.map(({ at, frame }, place) => ({ at, frame: see(frame, place) })),
      format,
      leaf * 1.4 * SECOND,
    );
  });
  return { world, drawn: ends.map(({ name }) => name).join(' / '), files };
};

/** As `tcpdump -i any` writes it, in either form; one leaf or both. */
export const COOKED: Kind = (seed, fate, roll) => {
  const world = variedWorld({ seed, fate, tags: [] });
  const linkType = pick(roll, [LINK_TYPE.linuxSll, LINK_TYPE.linuxSll2]);
  const first = pick(roll, [0, 1]);
  const files = world.leaves.map((frames, leaf) =>
    fileOf(
      frames.map(({ at, frame }) => ({ at, frame: leaf < first ? frame : cooked(frame, linkType) })),
      leaf < first ? NANO : { ...NANO, linkType },
      leaf * 1.4 * SECOND,
    ),
  );
  return { world, drawn: `${linkType} from leaf ${first} on`, files };
};

function cooked(frame: Uint8Array, linkType: number): Uint8Array {
  const type =
    frame[0] === 0xff ? PACKET_TYPE.broadcast : ((frame[0] ?? 0) & 1) === 1 ? PACKET_TYPE.multicast : PACKET_TYPE.toUs;
  const [source, etherType, packet] = [frame.subarray(6, 12), frame.subarray(12, 14), frame.subarray(14)];
  return linkType === LINK_TYPE.linuxSll2
    ? Uint8Array.of(...etherType, 0, 0, 0, 0, 0, 3, 0, 1, type, 6, ...source, 0, 0, ...packet)
    : Uint8Array.of(0, type, 0, 1, 0, 6, ...source, 0, 0, ...etherType, ...packet);
}

/** Link types without Ethernet, or in which nobody looks for it: NULL, raw IP, PPI, 802.11, and such as no list knows. */
export const NO_ETHERNET: Kind = (seed, fate, roll) => {
  const world = variedWorld({ seed, fate, tags: [] });
  const linkType = pick(roll, [0, 9, 12, 50, 101, 105, 108, 119, 127, 147, 192, 228, 229, 12_345]);
  const first = pick(roll, [0, 0, 1]);
  const files = world.leaves.map((frames, leaf) =>
    fileOf(
      frames.map(({ at, frame }) => ({ at, frame: leaf < first ? frame : without(frame, linkType) })),
      leaf < first ? NANO : { ...NANO, linkType },
      leaf * SECOND,
    ),
  );
  return { world, drawn: `${linkType} from leaf ${first} on`, files };
};

function without(frame: Uint8Array, linkType: number): Uint8Array {
  // PPI: its header says 105 or 1, and how long it is.
  if (linkType === 192) return Uint8Array.of(0, 0, 8, 0, 1, 0, 0, 0, ...frame);
  const packet = frame.subarray(14);
  return linkType === 0 || linkType === 108 ? Uint8Array.of(2, 0, 0, 0, ...packet) : Uint8Array.from(packet);
}

/** Two captures of one port, which differ as two captures of one port do. */
export const ONE_PORT: Kind = (seed, _fate, roll) => {
  const world = variedWorld({
    seed,
    fate: 'good',
    frames: pick(roll, [8, 20, 60]),
    data: pick(roll, ['on one leaf', 'on each leaf']),
  });
  const one = world.leaves[0] ?? [];
  const far = roll() * 5 * SECOND;
  const ppm = (roll() - 0.5) * 100;
  const ways: Readonly<Record<string, (captured: Captured, place: number) => Captured | null>> = {
    equal: (captured) => captured,
    'another clock': ({ at, frame }) => ({ at: at + far, frame }),
    'another clock that drifts': ({ at, frame }) => ({ at: at * (1 + ppm * 1e-6) + far, frame }),
    'stamps a microsecond off': ({ at, frame }) => ({ at: at + roll() * US, frame }),
    'another clock, stamps some microseconds off': ({ at, frame }) => ({ at: at + far + roll() * 2 * US, frame }),
    'stamps half a millisecond off': ({ at, frame }) => ({ at: at + 0.6 * MS, frame }),
    'some are lost': (captured, place) => (place % 5 === 2 ? null : captured),
    'it ends early': (captured, place) => (place > one.length * 0.7 ? null : captured),
    'with FCS': ({ at, frame }) => ({ at, frame: padded(frame, [9, 9, 9, 9]) }),
    mirrored: ({ at, frame }, sequence) => ({
      at: at + far,
      frame: mirrorPacket('ERSPAN II', { frame, session: 4, sequence, exporter: 3 }),
    }),
    'without tags': ({ at, frame }) => ({
      at,
      frame: frame[12] === 0x81 ? Uint8Array.of(...frame.subarray(0, 12), ...frame.subarray(16)) : frame,
    }),
  };
  const way = pick(roll, Object.keys(ways));
  const other = one.flatMap((captured, place): Captured[] => {
    const seen = ways[way]?.(captured, place) ?? null;
    return seen === null ? [] : [{ at: Math.round(seen.at), frame: seen.frame }];
  });
  const format = pick<FileFormat>(roll, [NANO, { type: 'pcap' }, { ...NANO, snapLength: 96 }]);
  return {
    world: { ...world, leaves: [one, other] },
    drawn: `${way}, ${format.snapLength ?? 0}`,
    files: [fileOf(one, NANO), fileOf(other, format)],
    due: 'doubtful',
  };
};
