/** Frames of one capture in time order, and the time in which it was alive: what a clock can be measured with. */
export interface Samples {
  /** ns after the capture's own base. */
  readonly time: readonly number[];
  /** Content, as one number. */
  readonly key: readonly number[];
  /** When the capture was alive as far as it was looked at, ns after its own base. */
  readonly fromNs: number;
  readonly toNs: number;
}

/** Times of frames that both captures have, by content, ascending. */
export interface Common {
  readonly here: readonly number[];
  readonly there: readonly number[];
}

/** What both have, the rarest contents first: they tell most. */
export function commonOf(here: Samples, there: Samples): readonly Common[] {
  const theirs = timesByKey(there);
  const common: Common[] = [];
  for (const [key, ours] of timesByKey(here)) {
    const others = theirs.get(key);
    if (others !== undefined) common.push({ here: ascending(ours), there: ascending(others) });
  }
  return common.sort((a, b) => a.here.length * a.there.length - b.here.length * b.there.length);
}

/** Most contents come once. */
function ascending(times: readonly number[]): readonly number[] {
  return times.length === 1 ? times : [...times].sort((a, b) => a - b);
}

function timesByKey({ time, key }: Samples): ReadonlyMap<number, readonly number[]> {
  const byKey = new Map<number, number[]>();
  for (let i = 0; i < key.length; i++) {
    const at = time[i] as number;
    const list = byKey.get(key[i] as number);
    if (list === undefined) byKey.set(key[i] as number, [at]);
    else list.push(at);
  }
  return byKey;
}

export function median(values: Float64Array | readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
