import { dice } from '../../dice.js';
import type { KindId } from '../../wire/kinds.js';
import type { VlanTag } from '../../wire/frame.js';
import { MS, plainFrame, SECOND, US } from './captures.js';
import { altered, pcapOf, type Captured } from './situation.js';

/** What the replicator did to some frames on their way to leaf-b. */
export type Truth = 'right' | 'lost' | 'doubled' | 'altered';

/** Two random captures, and what is true of them. */
export interface RandomCaptures {
  readonly truth: Truth;
  /** Frames for which that is true; all lie well inside the time that both captures share. */
  readonly wrong: number;
  readonly shape: RandomShape;
  readonly files: readonly Uint8Array[];
  readonly hosts: readonly string[];
}

export interface RandomShape {
  readonly rate: string;
  readonly ahead: string;
  readonly around: string;
  readonly says: 'each another' | 'the same' | 'bursts';
}

const KINDS: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-reply-unicast',
  'ns-multicast',
  'na-solicited',
  'garp-request',
];
const HOSTS = [10, 11, 12, 13];

const TAG: VlanTag = { tpid: 0x8100, vid: 20, pcp: 3, dei: false };
/** What encloses each frame, by leaf. */
const AROUND: Readonly<
  Record<string, { readonly tags: readonly VlanTag[]; readonly behindMacs: readonly (readonly number[])[] }>
> = {
  nothing: { tags: [], behindMacs: [] },
  '802.1Q': { tags: [TAG], behindMacs: [] },
  '802.1BR': {
    tags: [],
    behindMacs: [
      [0x89, 0x3f, 0, 0, 1, 0, 0, 0],
      [0x89, 0x3f, 0x20, 1, 1, 7, 0, 0],
    ],
  },
  'VN-tag and 802.1Q': {
    tags: [TAG],
    behindMacs: [
      [0x89, 0x26, 0x80, 1, 0, 2],
      [0x89, 0x26, 0x80, 3, 0, 4],
    ],
  },
};

/** How to make `around` frames beyond those above: of a mirror, for example. */
export type Wrap = (frame: Uint8Array, leaf: number, index: number) => Uint8Array;

/**
 * Clock offset 0 to 1 h, drift to 100 ppm, one frame in 5 minutes to 1,000 a second, bursts, repeats, tags; correct, or
 * with some frames (one, 1 % or 10 %) lost, doubled or altered on leaf-b. The same for the same seed.
 */
export function randomCaptures(seed: number, wraps: Readonly<Record<string, Wrap>> = {}): RandomCaptures {
  const roll = dice(seed);
  const pick = <T>(from: readonly T[], otherwise: T): T => from[Math.floor(roll() * from.length)] ?? otherwise;
  const rate = Math.exp(Math.log(1 / 300) + roll() * Math.log(300 * 1_000));
  const ahead = roll() < 0.2 ? 0 : Math.exp(Math.log(1e-3) + roll() * Math.log(3.6e6)) * (roll() < 0.5 ? 1 : -1);
  const ppm = (roll() - 0.5) * 200;
  const count = 12 + Math.floor(roll() * 150);
  const around = pick([...Object.keys(AROUND), ...Object.keys(wraps)], 'nothing');
  const { tags = [], behindMacs = [] } = AROUND[around] ?? {};
  const says = pick(['each another', 'each another', 'the same', 'bursts'] as const, 'each another');
  const truth = pick(['right', 'lost', 'doubled', 'altered'] as const, 'right');
  const share = pick([0, 0.01, 0.1], 0);
  const burst = 2 + Math.floor(roll() * 4);
  const hosts = HOSTS.slice(0, 1 + Math.floor(roll() * HOSTS.length));

  const leaves: Captured[][] = [[], []];
  const see = (leaf: number, at: number, frame: Uint8Array): void =>
    void leaves[leaf]?.push({ at: Math.round(at), frame });
  const victims = new Set<number>();
  if (truth !== 'right')
    while (victims.size < Math.max(1, Math.round(share * count)))
      victims.add(Math.floor(count * (0.25 + roll() * 0.5)));
  let at = SECOND;
  for (let i = 0; i < count; i++) {
    at += Math.max(200 * US, (SECOND / rate) * (0.4 + 1.2 * roll()));
    const host = pick(hosts, 10);
    // Like keepalived: this many per takeover; altered frames are not among these.
    const isBurst = says === 'bursts' && i % 5 === 0 && !(truth === 'altered' && victims.has(i));
    const drawn = pick(KINDS, 'ns-multicast');
    const kind = isBurst ? 'garp-request' : says === 'bursts' && drawn === 'garp-request' ? 'ns-multicast' : drawn;
    // Content that does not repeat within the time in which copies are searched, or that repeats all the time.
    const frame = plainFrame(kind, { host, variation: says === 'the same' ? 1 : 1 + i, tags });
    const again = isBurst ? burst : 1;
    for (let k = 0; k < again; k++) {
      const then = at + k * 40 * US;
      see(0, then, frame);
      const later = then + roll() * 80 * US;
      const isVictim = victims.has(i) && k === 0;
      if (!isVictim || truth === 'doubled') see(1, later, frame);
      if (isVictim && truth === 'doubled') see(1, later + 150 * US + roll() * 300 * US, frame);
      if (isVictim && truth === 'altered') see(1, later + MS, altered(frame, tags.length));
    }
    if (i % 3 === 0) see(i % 2, at + 90 * US, plainFrame('data-udp', { host, variation: 1 + i, tags }));
  }
  for (const [leaf, list] of leaves.entries()) {
    const alive = plainFrame('lldp', { host: 90 + leaf });
    list.unshift({ at: leaf * 30 * MS, frame: alive });
    list.push({ at: at + SECOND + leaf * 30 * MS, frame: alive });
  }
  const wrap = wraps[around];
  const files = leaves.map((frames, leaf) => {
    const put = behindMacs[leaf] ?? [];
    const wire = frames
      .sort((a, b) => a.at - b.at)
      .map(({ at: then, frame }, i) => {
        const tagged =
          put.length === 0 ? frame : Uint8Array.of(...frame.subarray(0, 12), ...put, ...frame.subarray(12));
        const own = leaf === 0 ? then : Math.round(then * (1 + ppm * 1e-6));
        return { at: own, frame: wrap === undefined ? tagged : wrap(tagged, leaf, i) };
      });
    return pcapOf(wire, 1, leaf === 0 ? 3_601 * SECOND : (3_601 + ahead) * SECOND);
  });
  return {
    truth,
    wrong: victims.size,
    shape: { rate: bandOf(rate, RATES), ahead: bandOf(Math.abs(ahead), AHEAD), around, says },
    files,
    hosts: hosts.map((host) => `02:00:00:00:01:${host.toString(16).padStart(2, '0')}`),
  };
}

type Bands = readonly (readonly [most: number, name: string])[];
const RATES: Bands = [
  [1 / 30, 'less than one in 30 s'],
  [1, 'to one a second'],
  [50, 'to 50 a second'],
  [Infinity, 'to 1,000 a second'],
];
const AHEAD: Bands = [
  [0, 'no offset'],
  [1, 'to 1 s'],
  [60, 'to 1 min'],
  [Infinity, 'to 1 h'],
];

function bandOf(value: number, bands: Bands): string {
  return bands.find(([most]) => value <= most)?.[1] ?? '';
}
