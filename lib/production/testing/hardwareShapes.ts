import { dice } from '../../dice.js';
import { MS, plainFrame, SECOND, US } from '../../judge/testing/captures.js';
import { altered, type Captured, type Fate } from '../../judge/testing/situation.js';
import { mirrorPacket } from './mirrorPackets.js';

const TAG = { tpid: 0x8100, vid: 20, pcp: 0, dei: false } as const;
/** Bytes of one tag. */
const TAG_BYTES = 4;
export const HARDWARE_HOST = '02:00:00:00:01:0a';

/** Broken replicators beside those that fail one frame: no copies for leaf-b of a half, of all, of one kind; all twice. */
export type HardwareFate = Fate | 'half lost' | 'replies lost' | 'all lost' | 'all doubled' | 'data copied';
export const HARDWARE_FATES: readonly HardwareFate[] = [
  'good',
  'lost',
  'doubled',
  'altered',
  'half lost',
  'replies lost',
  'all lost',
  'all doubled',
  'data copied',
];

/**
 * What two leaves get from one host on VLAN 20: ARP reply, NA and UDP in turn, 5 to 60 ms apart, copies within 40 us,
 * UDP on one leaf or the other; and LLDP of each leaf's own at both ends.
 */
export function hardwareTraffic(seed: number, fate: HardwareFate, count = 400): readonly Captured[][] {
  const roll = dice(seed);
  const leaves: Captured[][] = [[], []];
  const see = (leaf: number, at: number, frame: Uint8Array): void =>
    void leaves[leaf]?.push({ at: Math.round(at), frame });
  const victim = 3 * Math.floor((count / 3) * (0.3 + 0.4 * roll()));
  let at = SECOND;
  for (let i = 0; i < count; i++) {
    at += (5 + 55 * roll()) * MS;
    const kind = i % 3 === 0 ? 'arp-reply-unicast' : i % 3 === 1 ? 'na-solicited' : 'data-udp';
    const frame = plainFrame(kind, { variation: 1 + i, tags: [TAG] });
    const later = at + roll() * 40 * US;
    if (kind === 'data-udp') {
      const leaf = i % 2;
      see(leaf, at, frame);
      if (fate === 'data copied') see(1 - leaf, later, frame);
      continue;
    }
    see(0, at, frame);
    const isVictim = i === victim;
    const isLost =
      fate === 'all lost' ||
      (fate === 'replies lost' && kind === 'arp-reply-unicast') ||
      (fate === 'half lost' && i % 2 === 0) ||
      (isVictim && (fate === 'lost' || fate === 'altered'));
    if (!isLost) see(1, later, frame);
    if (fate === 'all doubled' || (isVictim && fate === 'doubled')) see(1, later + (200 + 200 * roll()) * US, frame);
    if (isVictim && fate === 'altered') see(1, later + MS, altered(frame, 1));
  }
  for (const [leaf, list] of leaves.entries()) {
    const alive = plainFrame('lldp', { host: 90 + leaf });
    list.unshift({ at: leaf * 30 * MS, frame: alive });
    list.push({ at: at + SECOND + leaf * 30 * MS, frame: alive });
    list.sort((a, b) => a.at - b.at);
  }
  return leaves;
}

/** What a place of capture makes of the frames that come to it. */
export interface HardwareShape {
  readonly what: string;
  /** What `--vantage` says of leaf-b there; null = nothing: the frames are as they were on the wire. */
  readonly vantage: 'trap' | 'span' | 'mirror-cpu' | null;
  /** Of leaf-b's frames; `atBoth`: of both leaves'. */
  readonly isAtBoth?: boolean;
  see(frames: readonly Captured[], seed: number): readonly Captured[];
}

/** As real switches do; sources are those of the field reports that each names. */
export const HARDWARE_SHAPES: Readonly<Record<string, HardwareShape>> = {
  port: { what: 'a tap, or the port of a software switch', vantage: null, see: (frames) => frames },
  'ERSPAN II': {
    what: 'a mirror in packets (draft-foschiano-erspan)',
    vantage: null,
    see: (frames) =>
      frames.map(({ at, frame }, sequence) => ({
        at,
        frame: mirrorPacket('ERSPAN II', { frame, session: 12, sequence, exporter: 2 }),
      })),
  },
  'tag stripped': {
    what: 'SPAN without `encapsulation replicate`, or a switch whose port is in no 802.1Q bridge',
    vantage: 'span',
    see: (frames) =>
      frames.map(({ at, frame }) => ({
        at,
        frame: isTagged(frame) ? Uint8Array.of(...frame.subarray(0, 12), ...frame.subarray(12 + TAG_BYTES)) : frame,
      })),
  },
  'hop limit one lower': {
    what: 'a mirror that a switch makes by sending frames through its pipeline again',
    vantage: 'mirror-cpu',
    see: (frames) => frames.map(({ at, frame }) => ({ at, frame: oneHopLess(frame) })),
  },
  policed: {
    what: 'a trap to the CPU, whose policer lets about nine of ten frames of ARP and ND together pass',
    vantage: 'trap',
    see: (frames) => policed(frames, 19.5, 3),
  },
  'punted and flooded': {
    what: 'a trap that copies: the kernel floods what the switch flooded already (SONiC)',
    vantage: 'trap',
    see: (frames, seed) => againLater(frames, dice(seed + 78), 150, 500, 1),
  },
  'flooded milliseconds later': {
    what: 'the same, with a CPU that is busy and now and then drops what it should flood',
    vantage: 'trap',
    see: (frames, seed) => againLater(frames, dice(seed + 79), 1_200, 30_000, 0.97),
  },
  'traps without data': {
    what: 'what comes to the CPUs of two switches: no data of hosts',
    vantage: 'trap',
    isAtBoth: true,
    see: (frames) => frames.filter(({ frame }) => isNeighbor(frame) || !isTagged(frame)),
  },
};

function isTagged(frame: Uint8Array): boolean {
  return frame[12] === 0x81 && frame[13] === 0;
}

/** EtherType behind the tag. */
function isNeighbor(frame: Uint8Array): boolean {
  const at = isTagged(frame) ? 12 + TAG_BYTES : 12;
  return (frame[at] === 0x08 && frame[at + 1] === 0x06) || (isIpv6(frame, at) && frame[at + 2 + 6] === 58);
}

function isIpv6(frame: Uint8Array, at: number): boolean {
  return frame[at] === 0x86 && frame[at + 1] === 0xdd;
}

/** A token bucket, as switches police their CPU: `rate` frames a second, and `burst` at once. */
function policed(frames: readonly Captured[], rate: number, burst: number): readonly Captured[] {
  let tokens = burst;
  let last = 0;
  return frames.filter(({ at, frame }) => {
    if (!isNeighbor(frame)) return true;
    tokens = Math.min(burst, tokens + ((at - last) / SECOND) * rate);
    last = at;
    if (tokens < 1) return false;
    tokens--;
    return true;
  });
}

/** Of neighbor frames, `share` come once more, `from` to `to` microseconds later. */
function againLater(
  frames: readonly Captured[],
  roll: () => number,
  from: number,
  to: number,
  share: number,
): readonly Captured[] {
  return frames
    .flatMap(({ at, frame }) =>
      isNeighbor(frame) && roll() < share
        ? [
            { at, frame },
            { at: at + Math.round((from + (to - from) * roll()) * US), frame },
          ]
        : [{ at, frame }],
    )
    .sort((a, b) => a.at - b.at);
}

function oneHopLess(frame: Uint8Array): Uint8Array {
  const at = isTagged(frame) ? 12 + TAG_BYTES : 12;
  if (!isIpv6(frame, at)) return frame;
  const lower = Uint8Array.from(frame);
  lower[at + 2 + 7] = (lower[at + 2 + 7] ?? 1) - 1;
  return lower;
}

/** Captures of both leaves as a shape has them. */
export function hardwareCaptures(
  name: string,
  seed: number,
  fate: HardwareFate,
  count?: number,
): readonly (readonly Captured[])[] {
  const shape = HARDWARE_SHAPES[name];
  const traffic = hardwareTraffic(seed, fate, count);
  return traffic.map((frames, leaf) =>
    shape === undefined || (leaf === 0 && shape.isAtBoth !== true) ? frames : shape.see(frames, seed + leaf),
  );
}
