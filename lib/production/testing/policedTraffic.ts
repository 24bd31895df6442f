import { dice } from '../../dice.js';
import { MS, plainFrame, SECOND, US } from '../../judge/testing/captures.js';
import type { Captured } from '../../judge/testing/situation.js';
import type { KindId } from '../../wire/kinds.js';

const HOSTS = [10, 11, 12, 13];
export const POLICED_HOSTS = HOSTS.map((host) => `02:00:00:00:01:${host.toString(16).padStart(2, '0')}`);

interface Frame {
  readonly at: number;
  readonly host: number;
  readonly kind: KindId;
}

/** Which frames do not come to leaf-b. */
type Loses = (frames: readonly Frame[], random: () => number) => readonly boolean[];

const chosen =
  (count: number): Loses =>
  (frames, random) => {
    const lost = new Set(Array.from({ length: count }, () => Math.floor(random() * frames.length)));
    return frames.map((_, i) => lost.has(i));
  };
const chance =
  (share: number): Loses =>
  (frames, random) =>
    frames.map(() => random() < share);
const pick = <T>(of: readonly T[], random: () => number): T => of[Math.floor(random() * of.length)] as T;

/** Broken replicators. */
export const LOSSES = {
  'one frame': chosen(1),
  'two frames': chosen(2),
  'three frames': chosen(3),
  '1 %': chance(0.01),
  '10 %': chance(0.1),
  half: chance(0.5),
  'every n-th': (frames, random) => {
    const n = 2 + Math.floor(random() * 30);
    const first = Math.floor(random() * n);
    return frames.map((_, i) => i % n === first);
  },
  'one kind': (frames, random) => {
    const { kind } = pick(frames, random);
    return frames.map((frame) => frame.kind === kind);
  },
  'one host': (frames, random) => {
    const { host } = pick(frames, random);
    return frames.map((frame) => frame.host === host);
  },
  'a time': (frames, random) => {
    const from = random() * 0.8 * frames.length;
    const to = from + (0.05 + 0.15 * random()) * frames.length;
    return frames.map((_, i) => i >= from && i < to);
  },
  'from then on': (frames, random) => {
    const from = (0.3 + 0.6 * random()) * frames.length;
    return frames.map((_, i) => i >= from);
  },
} satisfies Readonly<Record<string, Loses>>;
export type Loss = keyof typeof LOSSES;

export interface PolicedTraffic {
  /** Of leaf-a and leaf-b. */
  readonly captures: readonly (readonly Captured[])[];
  /** Frames that do not come to leaf-b. */
  readonly lost: number;
  readonly sent: number;
  /** Of what was lost. */
  readonly kinds: ReadonlySet<string>;
  /** What was chosen, to repeat it. */
  readonly what: string;
}

const ARP: readonly KindId[] = ['arp-reply-unicast', 'arp-request-broadcast'];
const ND: readonly KindId[] = ['na-solicited', 'ns-multicast'];
/** Of ten frames, so many are ARP. */
const ARP_OF_TEN = [5, 10, 0, 9.5, 0.5] as const;
const RHYTHMS = ['uneven', 'by chance', 'storms', 'bursts', 'pairs'] as const;

function framesOf(rhythm: (typeof RHYTHMS)[number], count: number, perSecond: number, random: () => number): Frame[] {
  const mean = SECOND / perSecond;
  const arpOfTen = pick(ARP_OF_TEN, random);
  const hosts = HOSTS.slice(0, 1 + Math.floor(random() * HOSTS.length));
  let at = SECOND;
  return Array.from({ length: count }, (_, i) => {
    const isStorm = Math.floor((2 * at) / SECOND) % 4 === 1;
    const exponential = -Math.log(1 - random());
    at += {
      uneven: mean * (0.2 + 1.6 * random()),
      'by chance': mean * exponential,
      storms: mean * exponential * (isStorm ? 0.15 : 2),
      bursts: mean * (i % 20 === 0 ? 19 : 0.05) * (0.5 + random()),
      pairs: i % 2 === 1 ? 300 * US * (0.5 + random()) : 2 * mean * (0.3 + 1.4 * random()),
    }[rhythm];
    return { at, host: pick(hosts, random), kind: pick(10 * random() < arpOfTen ? ARP : ND, random) };
  });
}

/** Times are those of leaf-b; the bucket holds `held` tokens when the capture begins. */
function policed(times: readonly number[], rate: number, burst: number, held: number): boolean[] {
  let tokens = held;
  let last = 0;
  return times.map((at) => {
    tokens = Math.min(burst, tokens + ((at - last) * rate) / SECOND);
    last = at;
    if (tokens < 1) return true;
    tokens--;
    return false;
  });
}

/**
 * Neighbor frames of one to four hosts: 40 to 1,000 of them, at 5 to 600 a second and up to three times that, ARP, ND or
 * both. A policer lets 5 to 600 a second through on leaf-b, and up to 1.5 seconds' worth at once; or a replicator loses
 * what `loss` says.
 */
export function policedTraffic(seed: number, loss: Loss | 'policer'): PolicedTraffic {
  const random = dice(seed);
  const rhythm = pick(RHYTHMS, random);
  const rate = 5 * 120 ** random();
  const burst = Math.max(1, Math.floor(Math.max(8, 1.5 * rate) ** random()));
  const isFull = random() < 0.5;
  const offered = rate * (0.5 + 2.5 * random());
  const frames = framesOf(rhythm, pick([40, 120, 300, 1_000], random), offered, random);
  const later = frames.map(({ at }) => at + (10 + 50 * random()) * US);
  const isLost =
    loss === 'policer' ? policed(later, rate, burst, isFull ? burst : burst * random()) : LOSSES[loss](frames, random);
  const captures: Captured[][] = [[], []];
  const see = (leaf: number, at: number, frame: Uint8Array): void =>
    void captures[leaf]?.push({ at: Math.round(at), frame });
  frames.forEach(({ at, host, kind }, i) => {
    const frame = numbered(plainFrame(kind, { host, variation: i + 1 }), i);
    see(0, at, frame);
    if (isLost[i] !== true) see(1, later[i] ?? at, frame);
  });
  const end = (frames.at(-1)?.at ?? 0) + SECOND;
  captures.forEach((list, leaf) => {
    const alive = plainFrame('lldp', { host: 90 + leaf });
    list.unshift({ at: leaf * 30 * MS, frame: alive });
    list.push({ at: end + leaf * 30 * MS, frame: alive });
  });
  return {
    captures,
    lost: isLost.filter(Boolean).length,
    sent: frames.length,
    kinds: new Set(frames.flatMap(({ kind }, i) => (isLost[i] === true ? [kind] : []))),
    what: `${rhythm}, ${frames.length} frames, policer of ${rate.toFixed(1)}/s and ${burst}, offered ${offered.toFixed(1)}/s`,
  };
}

/** No two frames say the same: the number stands in the target's address. */
function numbered(frame: Uint8Array, i: number): Uint8Array {
  const at = frame[13] === 0x06 ? 40 : 74;
  frame[at] = i >> 8;
  frame[at + 1] = i & 0xff;
  return frame;
}
