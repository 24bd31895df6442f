import { isFull, type Feed } from './feed.js';
import type { Matcher } from './matcher.js';

/**
 * Reads all feeds to their ends, the slowest first, and lets the matcher run up to where all are alive. Returns the
 * corrected time at which the first sound one ended: the window's end. What is damaged or empty ends no window but its
 * own.
 */
export function drive(
  feeds: readonly Feed[],
  matcher: Matcher,
  corrected: (leaf: number, own: number) => number,
): number {
  for (;;) {
    const ends = feeds.map((feed, leaf) => corrected(leaf, feed.aliveNs));
    const alive = Math.min(...ends.filter((_, leaf) => isSound(feeds[leaf])));
    const open = feeds.flatMap((feed, leaf) => (feed.end === null ? [{ feed, leaf, ns: ends[leaf] ?? 0 }] : []));
    const [first] = open;
    if (first === undefined) {
      const end = alive === Infinity ? Math.max(...ends) : alive;
      if (Number.isFinite(end)) matcher.run(end, true);
      return end;
    }
    const slowest = open.reduce((a, b) => (b.ns < a.ns ? b : a), first);
    const isOver = slowest.ns > alive;
    if (Number.isFinite(alive)) matcher.run(alive, isOver);
    if (isOver) {
      // The window is over: the rest is read for its damage and its drop counters only.
      matcher.leave(slowest.leaf);
    }
    // So many frames of one time fill a ring before the slice that they lie in is over.
    if (isFull(slowest.feed)) matcher.run(alive, true);
    slowest.feed.advance();
  }
}

function isSound(feed: Feed | undefined): boolean {
  if (feed === undefined) return false;
  return (
    feed.end === null || (feed.end.summary.damage === null && feed.end.trouble === null && feed.end.summary.frames > 0)
  );
}
