import { MS, plainFrame, SECOND, US } from '../../judge/testing/captures.js';
import { fileOf, type FileFormat } from '../../judge/testing/fileFormats.js';
import type { World } from '../../judge/testing/fieldWorld.js';
import { altered, type Captured } from '../../judge/testing/situation.js';
import { variedWorld } from '../../judge/testing/variedWorld.js';
import { pick } from './fieldKinds.js';
import type { Kind } from './twins.js';

const NANO: FileFormat = { type: 'pcap', resolution: { digits: 9 } };

/** Files of which each leaf's clock shows `clock` at a time. */
function filesAt(world: World, clock: (leaf: number, at: number) => number, format = NANO): readonly Uint8Array[] {
  return world.leaves.map((frames, leaf) =>
    fileOf(
      frames.map(({ at, frame }) => ({ at: Math.round(clock(leaf, at)), frame })),
      format,
    ),
  );
}

/** The clock of the second leaf is set while it captures, as NTP does at a start: forward, or back. */
export const SET_CLOCK: Kind = (seed, fate, roll) => {
  const everyMs = pick(roll, [40, 300, 2_000]);
  const world = variedWorld({
    seed,
    fate,
    frames: pick(roll, [60, 120]),
    everyMs,
    isRepeating: everyMs > 1_000 && roll() < 0.5,
  });
  const end = Math.max(...world.leaves.flatMap((frames) => frames.map(({ at }) => at)));
  const when = end * (0.25 + 0.45 * roll());
  const by = pick(roll, [-30, -0.8, 0.0002, 0.1, 0.25, 0.7, 1, 1.9, 3.3, 60, 3_600]);
  const ahead = pick(roll, [0, 2.5, -1]);
  const clock = (leaf: number, at: number): number =>
    10 * SECOND + at + (leaf === 1 ? (ahead + (at > when ? by : 0)) * SECOND : 0);
  return { world, drawn: `by ${by} s, ${ahead} s ahead`, files: filesAt(world, clock) };
};

/** Polls that say the same each time, seconds or minutes apart, and clocks far apart that drift. */
export const SPARSE_POLLS: Kind = (seed, fate, roll) => {
  const everyMs = pick(roll, [20_000, 30_000, 60_000, 120_000]);
  const frames = pick(roll, [16, 30, 60, 161]);
  const world = variedWorld({
    seed,
    fate,
    frames,
    everyMs,
    isRepeating: true,
    data: pick(roll, ['none', 'on one leaf']),
  });
  const ahead = pick(roll, [0.2, 0.9, 3.2, 5.7, 33, 1_800, 3_599]) * (roll() < 0.5 ? 1 : -1);
  const ppm = pick(roll, [20, 40, 60, 80, 100]) * (roll() < 0.5 ? 1 : -1);
  const clock = (leaf: number, at: number): number =>
    4_000 * SECOND + (leaf === 0 ? at : at * (1 + ppm * 1e-6) + ahead * SECOND);
  const drawn = `${frames} frames, one in ${everyMs} ms, ${ahead} s, ${ppm} ppm`;
  return { world, drawn, files: filesAt(world, clock, { type: 'pcap' }) };
};

/** The second capture holds a part of the time of the first one: its beginning, its end, or its middle. */
export const PARTLY_TOGETHER: Kind = (seed, fate, roll) => {
  const whole = variedWorld({ seed, fate, frames: 100, leaves: pick(roll, [2, 3]), hasStranger: roll() < 0.3 });
  const { at: middle } = whole.victim;
  const [from, to] = pick(roll, [
    [0.5, Infinity],
    [0, 1.4],
    [0.6, 1.5],
  ] as const);
  const leaves = whole.leaves.map((frames, leaf) =>
    leaf === 0 ? frames : frames.filter(({ at }) => at >= from * middle && at <= to * middle),
  );
  const world = { ...whole, leaves };
  const ahead = [0, roll() * 4, roll() * -60];
  const clock = (leaf: number, at: number): number => 100 * SECOND + at + (ahead[leaf] ?? 0) * SECOND;
  return { world, drawn: `${from} to ${to}`, files: filesAt(world, clock) };
};

/**
 * A spell of one frame, said at one period, that begins and ends while both capture, and clocks that are off; little
 * else is said, or nothing.
 */
export const SPELL: Kind = (seed, fate, roll) => {
  const count = 6 + Math.floor(roll() * 40);
  const everyMs = pick(roll, [200, 500, 1_000, 2_000, 5_000]);
  const kind = pick(roll, ['arp-request-broadcast', 'arp-request-unicast', 'ns-multicast', 'garp-request'] as const);
  const from = (6 + roll() * 20) * SECOND;
  const to = from + count * everyMs * MS + (6 + roll() * 30) * SECOND;
  const frame = plainFrame(kind);
  const place = Math.floor(count * (0.35 + 0.3 * roll()));
  const leaves: Captured[][] = [0, 1].map((leaf) => {
    const list: Captured[] = [];
    for (let at = leaf * 44 * MS; at < to; at += SECOND)
      list.push({ at, frame: plainFrame('lacpdu', { host: 99, variation: leaf }) });
    for (let i = 0; i < count; i++) {
      const at = Math.round(from + i * everyMs * MS + (leaf === 0 ? 0 : roll() * 90 * US));
      const isVictim = leaf === 1 && i === place;
      if (!isVictim || fate === 'good' || fate === 'doubled') list.push({ at, frame });
      if (isVictim && fate === 'doubled') list.push({ at: at + 60 * US, frame });
      if (isVictim && fate === 'altered') list.push({ at: at + MS, frame: altered(frame, 0) });
    }
    return list.sort((a, b) => a.at - b.at);
  });
  const world: World = {
    leaves,
    hosts: ['02:00:00:00:01:0a'],
    victim: { leaf: 1, kind, at: from + place * everyMs * MS },
  };
  const ahead = pick(roll, [0, 0.3, 1.25, 3.2, 12.5, 61, 1_800.4]) * (roll() < 0.5 ? 1 : -1);
  const clock = (leaf: number, at: number): number => 2_000 * SECOND + at + leaf * ahead * SECOND;
  return { world, drawn: `${count} ${kind}, one in ${everyMs} ms, ${ahead} s ahead`, files: filesAt(world, clock) };
};
