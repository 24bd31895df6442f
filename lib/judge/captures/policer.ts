import type { Offered } from './arrivals.js';

/**
 * Switches police what goes to their CPU: ARP and Neighbor Discovery together, by a token bucket. What it drops comes in
 * a pattern of its own: a frame is missing where the bucket was empty, whatever its kind and host, and none is where it
 * was not. Frames that a replicator loses by chance, by kind, by host or for a while do not fit.
 */
export interface Policed {
  /** Frames a second that it lets through. */
  readonly rate: number;
  readonly missing: number;
  readonly offered: number;
}

/** Fewer missing frames fit some bucket by chance. */
const LEAST = 8;
/** Of each family, where there are both. */
const LEAST_OF_FAMILY = 2;
/** Of one kind from one host as many may be missing with none left: more, and it is the host or the kind. */
const MOST_OF_ONE = 4;
/**
 * Of the missing frames, and of those that came, at most this share may not fit. By simulation, buckets of which the rate
 * is 2.5 % off leave up to 0.1, and what is lost by chance or every n-th frame leaves 0.36 and more.
 */
const MOST_MISFITS = 0.2;
/** Families that are policed together lose about the same share. */
const MOST_RATIO = 4;
/** There was less than one token when a frame was dropped; how much less is not known. */
const HALF_A_TOKEN = 0.5;
/** Frames that the search looks at, from a little before the first missing one. */
const MOST_FRAMES = 8_192;
const BEFORE = 512;
/** Rates of known policers, frames a second; see docs/judging-captures.md. */
const LEAST_RATE = 5;
const MOST_RATE = 20_000;
const RATE_STEP = 1.05;
const BURSTS: readonly number[] = [1, 2, 3, 5, 8, 12, 20, 32, 50, 80, 128, 200, 320, 512, 1_000];

/** `delivered`: frames of one kind from one host that every leaf had. */
export function policedBy(
  { times, lacks, missing }: Offered,
  delivered: (sender: number, kind: number) => number,
  families: { readonly arp: number; readonly nd: number },
): Policed | null {
  if (missing.length < LEAST) return null;
  const ofOne = new Map<string, number>();
  for (const { sender, kind } of missing) {
    const key = `${sender} ${kind}`;
    const count = (ofOne.get(key) ?? 0) + 1;
    ofOne.set(key, count);
    if (count > MOST_OF_ONE && delivered(sender, kind) === 0) return null;
  }
  const arp = missing.filter(({ isArp }) => isArp).length;
  if (!isTogether(arp, families.arp, missing.length - arp, families.nd)) return null;
  const first = Math.max(0, lacks.indexOf(1) - BEFORE);
  const fit = bestFit(times.subarray(first, first + MOST_FRAMES), lacks.subarray(first, first + MOST_FRAMES));
  return fit === null ? null : { rate: fit, missing: missing.length, offered: times.length };
}

/** Whether ARP and ND are lost alike; where only one of them is spoken, nothing speaks against it. */
function isTogether(arpLost: number, arpCame: number, ndLost: number, ndCame: number): boolean {
  const [arp, nd] = [arpLost + arpCame, ndLost + ndCame];
  if (arp === 0 || nd === 0) return true;
  if (arpLost < LEAST_OF_FAMILY || ndLost < LEAST_OF_FAMILY) return false;
  const ratio = arpLost / arp / (ndLost / nd);
  return ratio <= MOST_RATIO && ratio >= 1 / MOST_RATIO;
}

/** The rate of the bucket that explains best which frames are missing; null where none does. */
function bestFit(times: Float64Array, lacks: Uint8Array): number | null {
  let best: { readonly misfits: number; readonly rate: number } | null = null;
  for (let rate = LEAST_RATE; rate <= MOST_RATE; rate *= RATE_STEP)
    for (const burst of BURSTS) {
      const misfits = misfitsOf(times, lacks, rate, burst);
      if (misfits < (best?.misfits ?? Infinity)) best = { misfits, rate };
    }
  return best === null || best.misfits > MOST_MISFITS ? null : best.rate;
}

/**
 * The greater of two shares: missing frames for which there was a token, and frames that came without one. What really
 * became of each frame sets the bucket right again, so that a rate which is a little off does not add up.
 */
function misfitsOf(times: Float64Array, lacks: Uint8Array, rate: number, burst: number): number {
  let tokens = burst;
  let last = times[0] ?? 0;
  let [gone, goneMisfits, came, cameMisfits] = [0, 0, 0, 0];
  for (let i = 0; i < times.length; i++) {
    const now = times[i] ?? 0;
    tokens = Math.min(burst, tokens + ((now - last) * rate) / 1e9);
    last = now;
    if (lacks[i] === 1) {
      gone++;
      if (tokens >= 1) {
        goneMisfits++;
        tokens = HALF_A_TOKEN;
      }
    } else {
      came++;
      if (tokens < 1) cameMisfits++;
      tokens = Math.max(0, tokens - 1);
    }
  }
  // Where no frame would ever be dropped, or each, nothing is explained.
  return gone === 0 || came === 0 ? Infinity : Math.max(goneMisfits / gone, cameMisfits / came);
}
