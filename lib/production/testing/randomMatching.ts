import { mutate } from '../../fuzz/mutate.js';
import { GATEWAY, leafFrame, plainFrame, SECOND, US } from '../../judge/testing/captures.js';
import { fileOf } from '../../judge/testing/fileFormats.js';
import type { Captured } from '../../judge/testing/situation.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import type { KindId } from '../../wire/kinds.js';
import type { HereOptions } from './judgeHere.js';

type Random = () => number;

/** Captures of what makes work for a matcher. */
export interface RandomMatching {
  readonly files: readonly Uint8Array[];
  readonly options: HereOptions;
}

const NEIGHBOR: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-reply-unicast',
  'garp-request',
  'ns-multicast',
  'ns-unicast',
  'na-solicited',
  'na-unsolicited',
];
const DATA: readonly KindId[] = ['data-tcp', 'data-udp', 'data-echo', 'mld-report', 'rs', 'lldp'];
/** ns between two frames. */
const STEPS = [300, 20_000, 400_000, 3_000_000, 30_000_000];
/** ns between a frame and its repeats, on both sides of every limit of lib/judge/captures/settings.ts. */
const REPEATS = [
  1_000, 150_000, 1_990_000, 2_010_000, 4_900_000, 5_100_000, 30_000_000, 49_000_000, 60_000_000, 190_000_000,
];

/** Of the captures, such in which all is as it should be. Two equal frames may be one that was doubled. */
const CLEAN = 0.25;
const NEVER_EQUAL: readonly KindId[] = NEIGHBOR.filter(
  (kind) => kind !== 'garp-request' && kind !== 'arp-reply-unicast',
);

/**
 * Captures by chance: frames closely together, few contents, copies that are lost, doubled, late, repeated, sent to
 * another MAC; on two to four leaves. Some are clean. The same for the same dice.
 */
export function randomMatching(random: Random): RandomMatching {
  const below = (most: number): number => Math.floor(random() * most);
  const oneOf = <T>(list: readonly T[], or: T): T => list[below(list.length)] ?? or;
  const isClean = random() < CLEAN;
  const leaves = 2 + (random() < 0.3 ? 1 + below(2) : 0);
  const odd = isClean ? 0 : oneOf([0, 0, 0.001, 0.02, 0.1, 0.5], 0);
  const contents = oneOf([3, 20, 400], 20);
  // A leaf that shows nearly every frame once more, as a trap to its CPU does.
  const trap = !isClean && random() < 0.1 ? 0.9 + 0.1 * random() : 0;
  const hosts = 1 + below(5);
  const step = oneOf(STEPS, 0);
  const seen = Array.from({ length: leaves }, (): Captured[] => []);
  const isShared = random() < 0.4;
  const ahead = seen.map((_, leaf) => (isShared ? 0 : leaf * below(SECOND)));
  const ppm = seen.map((_, leaf) => (isShared || leaf === 0 ? 0 : (random() - 0.5) * 1e-4));
  let at = SECOND;
  const see = (leaf: number, then: number, frame: Uint8Array): void => void seen[leaf]?.push({ at: then, frame });
  const count = 30 + below(random() < 0.03 ? 3_000 : 250);
  for (let i = 0; i < count; i++) {
    at += random() < 0.03 ? below(300_000_000) : 1 + below(2 * step);
    const isData = random() < 0.3;
    const frame =
      !isClean && random() < 0.03
        ? leafFrame(oneOf(NEIGHBOR, 'ns-unicast'), below(5))
        : plainFrame(isData ? oneOf(DATA, 'data-udp') : oneOf(isClean ? NEVER_EQUAL : NEIGHBOR, 'ns-multicast'), {
            host: 10 + below(random() < 0.05 ? 9 : hosts),
            variation: isClean ? i : random() < 0.2 ? below(3) : below(contents),
            tags: random() < 0.1 ? [{ tpid: 0x8100, vid: 7, pcp: 0, dei: false }] : [],
          });
    const only = isData && random() >= odd / 4 ? below(leaves) : -1;
    for (let leaf = 0; leaf < leaves; leaf++) {
      if (only >= 0 && only !== leaf) continue;
      const then = at + below((isClean ? 30 : 90) * US);
      if (random() >= odd / 2) see(leaf, then, random() < odd / 6 ? readdressed(frame) : frame);
      if (random() < odd / 2) see(leaf, then + oneOf(REPEATS, 0) + below(20 * US), frame);
      if (random() < odd / 3) see(below(leaves), then + oneOf(REPEATS, 0), retouched(frame, random));
    }
    // What copies data and says it in its own name; without a throw of the dice.
    if (isData && odd > 0 && i % 7 === 3) see(i % leaves, at + 500 + (i % 5) * 9_000_000, renamed(frame, i));
    if (!isData && random() < trap) see(0, at + 6_000_000 + below(30_000_000), frame);
    if (random() < odd / 3) {
      const again = at + oneOf(REPEATS, 0);
      for (let leaf = 0; leaf < leaves; leaf++) see(leaf, again + below(90 * US), frame);
    }
  }
  // Frames at the edge of the judged time, and such that were stamped before the one in front of them.
  const begin = random() < 0.3 ? SECOND - below(60_000_000) : 0.9 * SECOND;
  const backwards = !isClean && random() < 0.2 ? 0.05 : 0;
  const files = seen.map((frames, leaf) => {
    const alive = plainFrame('lldp', { host: 90 + leaf });
    const all = [{ at: begin, frame: alive }, ...frames, { at: at + SECOND, frame: alive }];
    const clock = (then: number): number => Math.round(then * (1 + (ppm[leaf] ?? 0)));
    const stamped = all.map(({ at: then, frame }) => ({ at: clock(then), frame })).sort((a, b) => a.at - b.at);
    for (const one of stamped.slice(1)) if (random() < backwards) one.at -= below(40_000_000);
    const file = fileOf(stamped, { type: random() < 0.5 ? 'pcap' : 'pcapng', resolution: { digits: 9 } }, ahead[leaf]);
    return !isClean && random() < 0.05 ? mutate(file, random) : file;
  });
  return {
    files,
    options: {
      hosts:
        random() < 0.4
          ? []
          : Array.from({ length: hosts }, (_, i) => `02:00:00:00:01:${(10 + i).toString(16).padStart(2, '0')}`),
      gateways: random() < 0.4 ? [GATEWAY] : [],
      isSharedClock: isShared && random() < 0.8,
      ring: oneOf([0x400, 0x4000], 0x400),
      pieceBytes: random() < 0.1 ? 997 : 1 << 16,
      ...(random() < 0.3 ? { profile: random() < 0.5 ? ovsGroup : { ...ovsGroup, maxSkewNs: 40 * US } } : {}),
    },
  };
}

/** The same frame with another hop limit, in another VLAN, to another MAC, or all of these. */
function retouched(frame: Uint8Array, random: Random): Uint8Array {
  const tagged = frame[12] === 0x81;
  const packet = tagged ? 18 : 14;
  let other = random() < 0.3 ? readdressed(frame) : Uint8Array.from(frame);
  const hop = packet + ((other[packet] ?? 0) >> 4 === 6 ? 7 : 8);
  if (random() < 0.5) other[hop] = (other[hop] ?? 0) - 1;
  if (random() < 0.5) {
    const tag = random() < 0.3 ? [] : [0x81, 0, 0, 9];
    other = Uint8Array.from([...other.subarray(0, 12), ...tag, ...other.subarray(tagged ? 16 : 12)]);
  }
  return other;
}

/** The same frame from another MAC; some of them with another hop limit, some to another MAC. */
function renamed(frame: Uint8Array, index: number): Uint8Array {
  const other = index % 3 === 0 ? readdressed(frame) : Uint8Array.from(frame);
  other[11] = index % 4 === 0 ? 11 : 99;
  if (index % 5 === 0) other[22] = (other[22] ?? 0) - 1;
  return other;
}

/** The same frame to another MAC. */
function readdressed(frame: Uint8Array): Uint8Array {
  const other = Uint8Array.from(frame);
  other[5] = (other[5] ?? 0) ^ 0x40;
  return other;
}
