/** Part of a configuration that ends by itself: a flow with a timeout, an element of a set that expires. */
export interface Ending {
  /** Where it is, and what it does, without what changes from one reading to the next. */
  readonly what: string;
  /** How long it has been there, ms; null where that is not told. */
  readonly ageMs: number | null;
  /** After how long, ms, it is gone, if nothing renews it. */
  readonly leftMs: number;
}

/**
 * What has neither ended nor been renewed though its time is up, where its age tells that.
 * @param waitedMs at most as long as between the two readings
 */
export function outlived(before: readonly Ending[], after: readonly Ending[], waitedMs: number): readonly Ending[] {
  const due = new Map(before.filter(({ leftMs }) => leftMs <= waitedMs).map(({ what, ageMs }) => [what, ageMs]));
  return after.filter(({ what, ageMs }) => {
    const first = due.get(what) ?? null;
    return first !== null && ageMs !== null && ageMs >= first + waitedMs;
  });
}
