import { MS, SECOND } from '../../judge/testing/captures.js';
import { fileOf, type FileFormat } from '../../judge/testing/fileFormats.js';
import type { Captured } from '../../judge/testing/situation.js';
import { variedWorld } from '../../judge/testing/variedWorld.js';
import { withTags } from '../../wire/ethernet.js';
import { pick } from './fieldKinds.js';
import { MIRRORS, mirrorPacket, type Mirror } from './mirrorPackets.js';
import type { Kind } from './twins.js';

const NANO: FileFormat = { type: 'pcap', resolution: { digits: 9 } };
/** Such as carry copies of what went through a port, and nothing else. */
const SURE: readonly Mirror[] = ['ERSPAN I', 'ERSPAN II', 'ERSPAN III', 'TZSP'];

/** Mirrors of mirrors. `from`: a layer is as all mirrors are, or surely one. */
const nested =
  (from: readonly Mirror[], most: number): Kind =>
  (seed, fate, roll) => {
    const layers = Array.from({ length: 2 + Math.floor(roll() * (most - 1)) }, () => pick(roll, from));
    const world = variedWorld({ seed, fate, hasStranger: roll() < 0.3 });
    const first = roll() < 0.3 ? 1 : 0;
    const files = world.leaves.map((frames, leaf) =>
      fileOf(
        frames.map(({ at, frame }, i) => ({
          at,
          frame:
            leaf < first
              ? frame
              : layers.reduce(
                  (inside, mirror, layer) =>
                    mirrorPacket(mirror, {
                      frame: inside,
                      session: 10 + layer,
                      sequence: i,
                      exporter: 1 + leaf + 10 * layer,
                    }),
                  frame,
                ),
        })),
        NANO,
        leaf * 1.7 * SECOND,
      ),
    );
    return { world, drawn: `${layers.join(' in ')} from leaf ${first} on`, files };
  };
export const MIRRORS_IN_MIRRORS: Kind = nested(SURE, 4);
export const MIRRORS_IN_ANYTHING: Kind = nested(MIRRORS, 7);

/** What a leaf itself says to hosts is in the same session as what it hears. */
export const BOTH_DIRECTIONS: Kind = (seed, fate, roll) => {
  const mirror = pick(roll, MIRRORS);
  const world = variedWorld({ seed, fate, hasStranger: roll() < 0.3 });
  const files = world.leaves.map((frames, leaf) => {
    const both = frames
      .flatMap(({ at, frame }, i): Captured[] =>
        i % 3 === 0 && ((frame[0] ?? 1) & 1) === 0
          ? [
              { at, frame },
              { at: at + 2 * MS, frame: answerTo(frame, i) },
            ]
          : [{ at, frame }],
      )
      .sort((a, b) => a.at - b.at);
    return fileOf(
      both.map(({ at, frame }, sequence) => ({
        at,
        frame: mirrorPacket(mirror, { frame, session: 5, sequence, exporter: 1 + leaf }),
      })),
      NANO,
      leaf * 2.2 * SECOND,
    );
  });
  return { world, drawn: mirror, files };
};

/** An ARP request of the gateway for the sender of a unicast frame. */
function answerTo(frame: Uint8Array, i: number): Uint8Array {
  const [gateway, host] = [frame.subarray(0, 6), frame.subarray(6, 12)];
  const request = [
    0x08,
    0x06,
    0,
    1,
    8,
    0,
    6,
    4,
    0,
    1,
    ...gateway,
    198,
    51,
    100,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    198,
    51,
    100,
    i & 0xff,
  ];
  return Uint8Array.of(...host, ...gateway, ...request);
}

/** One capture of a collector, split into leaves by session, source, or VLAN of the mirror. */
export const COLLECTOR: Kind = (seed, fate, roll) => {
  const mirror = pick(roll, MIRRORS);
  const leaves = pick(roll, [2, 3]);
  const by = pick(roll, ['session', 'source', 'vlan'] as const);
  // Sessions without a number are told apart by their sources only.
  const hasNumber = mirror !== 'ERSPAN I' && mirror !== 'TZSP';
  const way = by === 'session' && !hasNumber ? 'source' : by;
  const first = 1 + Math.floor(roll() * 900);
  const world = variedWorld({ seed, fate, leaves, tags: way === 'vlan' ? [] : undefined });
  const all = world.leaves
    .flatMap((frames, leaf) =>
      frames.map(({ at, frame }, sequence) => ({
        at,
        frame:
          way === 'vlan'
            ? withTags(frame, [{ tpid: 0x8100, vid: first + leaf, pcp: 0, dei: false }])
            : mirrorPacket(mirror, { frame, session: first + leaf, sequence, exporter: 1 + leaf }),
      })),
    )
    .sort((a, b) => a.at - b.at);
  const file = fileOf(all, NANO);
  const selections = world.leaves.map((_, leaf) =>
    way === 'vlan'
      ? { by: 'vlan' as const, id: first + leaf, isStripped: true }
      : {
          by: 'session' as const,
          id: way === 'session' ? first + leaf : null,
          source: way === 'source' ? `cb0071${(1 + leaf).toString(16).padStart(2, '0')}` : null,
        },
  );
  return { world, drawn: `${mirror} by ${way}`, files: world.leaves.map(() => file), options: { selections } };
};
