import { SECOND } from '../../judge/testing/captures.js';
import { fileOf, type FileFormat } from '../../judge/testing/fileFormats.js';
import { variedWorld } from '../../judge/testing/variedWorld.js';
import type { World } from '../../judge/testing/fieldWorld.js';
import { pick } from './fieldKinds.js';
import type { Kind } from './twins.js';

const NANO: FileFormat = { type: 'pcap', resolution: { digits: 9 } };
const VLAN_TPIDS = [0x8100, 0x88a8, 0x9100, 0x9200, 0x9300] as const;

/** Tags whose format nobody published: an EtherType, and some bytes. */
const UNKNOWN: readonly (readonly number[])[] = [
  [0x12, 0x34, 0, 1],
  [0x9a, 0xbc, 0, 0, 0, 7],
  [0xe7, 0x77, 1, 2, 3, 4, 5, 6],
  [0x88, 0xb6, 0xff, 0xff],
];
/** Tags between a switch and what extends its ports; and no tag. */
const PORT_TAGS: readonly (readonly number[])[] = [
  [],
  [0x89, 0x3f, 0, 0, 1, 0, 0, 0],
  [0x89, 0x26, 0x80, 1, 0, 2],
  [0xda, 0xda, 0, 0, 0xc0, 0x28, 0, 1],
];
/** Whole frames, or packets, in something else. */
const SEALED: readonly (readonly number[])[] = [
  [0x88, 0xe7, 0, 0, 3, 0xe8, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2],
  [0x89, 0x03, 0, 0],
  [0x22, 0xf3, 0, 1, 2, 3, 4, 5],
  [0x88, 0xe5, 0x20, 0, 0, 0, 0, 1],
];

/** Files in which each leaf has its own bytes behind the MAC addresses. */
function filesWith(world: World, behindMacs: (leaf: number) => readonly number[]): readonly Uint8Array[] {
  return world.leaves.map((frames, leaf) =>
    fileOf(
      frames.map(({ at, frame }) => ({
        at,
        frame: Uint8Array.of(...frame.subarray(0, 12), ...behindMacs(leaf), ...frame.subarray(12)),
      })),
      NANO,
      leaf * 1.1 * SECOND,
    ),
  );
}

function vlan(roll: () => number): number[] {
  const tpid = pick(roll, VLAN_TPIDS);
  return [tpid >> 8, tpid & 0xff, Math.floor(roll() * 16), Math.floor(roll() * 256)];
}

/** Tags that are not known, on all leaves or some. */
export const UNKNOWN_TAGS: Kind = (seed, fate, roll) => {
  const world = variedWorld({ seed, fate, tags: roll() < 0.5 ? [] : [{ tpid: 0x8100, vid: 9, pcp: 0, dei: false }] });
  const put = [...(roll() < 0.3 ? pick(roll, PORT_TAGS) : []), ...pick(roll, UNKNOWN)];
  const from = roll() < 0.3 ? 1 : 0;
  return {
    world,
    drawn: `${put.join()} from leaf ${from} on`,
    files: filesWith(world, (leaf) => (leaf < from ? [] : put)),
  };
};

/** Encapsulations with names, around frames of all leaves or some. */
export const SEALED_FRAMES: Kind = (seed, fate, roll) => {
  const world = variedWorld({ seed, fate, tags: [] });
  const put = [...(roll() < 0.5 ? vlan(roll) : []), ...pick(roll, SEALED)];
  const from = roll() < 0.3 ? 1 : 0;
  return {
    world,
    drawn: `${put.join()} from leaf ${from} on`,
    files: filesWith(world, (leaf) => (leaf < from ? [] : put)),
  };
};

/** Two VLAN tags, which the profile does not judge; in some captures of one leaf only. */
export const TWO_TAGS: Kind = (seed, fate, roll) => {
  const world = variedWorld({ seed, fate, tags: [] });
  const put = [...pick(roll, PORT_TAGS), ...vlan(roll), ...vlan(roll)];
  const from = roll() < 0.5 ? 1 : 0;
  return {
    world,
    drawn: `${put.join()} from leaf ${from} on`,
    files: filesWith(world, (leaf) => (leaf < from ? [] : put)),
  };
};

/** One tag on one leaf and none on the other one: its place of capture, or its mirror, took it or put it. */
export const TAG_ON_ONE_LEAF: Kind = (seed, fate, roll) => {
  const world = variedWorld({ seed, fate, tags: [], hasStranger: roll() < 0.5 });
  const put = vlan(roll);
  const tagged = roll() < 0.5 ? 0 : 1;
  return {
    world,
    drawn: `${put.join()} on leaf ${tagged}`,
    files: filesWith(world, (leaf) => (leaf === tagged ? put : [])),
  };
};

/** Port tags of each leaf's own around frames of any VLAN. */
export const PORT_TAGGED: Kind = (seed, fate, roll) => {
  const world = variedWorld({ seed, fate, leaves: pick(roll, [2, 3]), hasStranger: roll() < 0.3 });
  const put = [pick(roll, PORT_TAGS), pick(roll, PORT_TAGS), pick(roll, PORT_TAGS)];
  return { world, drawn: put.map((tag) => tag.join()).join(' / '), files: filesWith(world, (leaf) => put[leaf] ?? []) };
};
