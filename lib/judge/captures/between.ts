import { ALTERED, copiesIn, LATE } from '../read/sightingBits.js';
import { duration, some } from '../tell/phrasing.js';
import type { Finding } from '../types.js';
import type { NamedFeed } from './captureOptions.js';
import type { Orphan } from './orphans.js';
import type { Seam } from './recorder.js';
import { PAIRING } from './settings.js';

/**
 * Neighbor frames that a leaf lacks, and that came while one file of its capture had ended and the next one had not
 * begun. A program that goes over to another file loses nothing; but a file may be missing between them, and where names
 * do not count, nothing tells.
 */
export interface Between {
  /** Whether a frame is kept until the files are known; told of each that must be on every leaf and is not. */
  keep(seen: Orphan): boolean;
  /** `leave` gets those that nothing can be said of, `settle` all others that were kept. */
  finish(leave: (seen: Orphan) => void, settle: (seen: Orphan) => void): void;
  /** Of those that nothing can be said of. */
  counts(): readonly SeamCount[];
}

interface SeamCount {
  readonly leaf: number;
  readonly seam: Seam;
  frames: number;
}

/** Frames that are kept; beyond, they are settled as if no file could be missing. */
const MOST = 1 << 16;

/**
 * @param isInParts by leaf: it has several files, and a missing one would not show
 * @param seamsOf on the common clock; asked at the end
 */
export function createBetween(isInParts: readonly boolean[], seamsOf: (leaf: number) => readonly Seam[]): Between {
  const kept: Orphan[] = [];
  const counts: SeamCount[] = [];
  const lacking = ({ words }: Orphan): readonly number[] =>
    isInParts.flatMap((_, leaf) => (copiesIn(words[leaf] ?? 0) === 0 ? [leaf] : []));

  return {
    keep(seen) {
      if (kept.length === MOST) return false;
      const leaves = lacking(seen);
      // What else is wrong with it is judged, wherever the files end.
      const isWrong = seen.words.some((word) => copiesIn(word) > 1 || (word & (ALTERED | LATE)) !== 0);
      if (leaves.length === 0 || isWrong || !leaves.every((leaf) => isInParts[leaf] === true)) return false;
      kept.push(seen);
      return true;
    },
    finish(leave, settle) {
      const seams = isInParts.map((inParts, leaf) => (inParts ? seamsOf(leaf) : []));
      for (const seen of kept) {
        const found = lacking(seen).map((leaf) => ({ leaf, seam: seamAt(seams[leaf] ?? [], seen.firstNs) }));
        if (found.some(({ seam }) => seam === null)) settle(seen);
        else {
          leave(seen);
          for (const { leaf, seam } of found) if (seam !== null) count(leaf, seam);
        }
      }
      kept.length = 0;
    },
    counts: () => counts,
  };

  function count(leaf: number, seam: Seam): void {
    const known = counts.find((entry) => entry.leaf === leaf && entry.seam === seam);
    if (known === undefined) counts.push({ leaf, seam, frames: 1 });
    else known.frames++;
  }
}

/** The seam in which it came, as near as copies are to each other. */
function seamAt(seams: readonly Seam[], ns: number): Seam | null {
  return seams.find(({ fromNs, toNs }) => ns >= fromNs - PAIRING.copyNs && ns <= toNs + PAIRING.copyNs) ?? null;
}

/** One for each leaf; it names the place where most of them are. */
export function betweenFindings(between: Between, captures: readonly NamedFeed[]): Finding[] {
  return captures.flatMap(({ name, parts = [] }, leaf): Finding[] => {
    const counts = between.counts().filter((entry) => entry.leaf === leaf);
    const [most] = [...counts].sort((a, b) => b.frames - a.frames);
    if (most === undefined) return [];
    const { file, fromNs, toNs } = most.seam;
    const frames = counts.reduce((sum, entry) => sum + entry.frames, 0);
    const others = counts.length === 1 ? '' : `, and at ${some(counts.length - 1, 'other place')},`;
    return [
      {
        property: 'validity',
        signature: 'no-proof-of-life',
        verdict: 'inconclusive',
        leaf: name,
        count: frames,
        probes: [],
        sentence: `Nothing can be said of ${some(frames, 'neighbor frame')} on ${name}: for ${duration(toNs - fromNs)} between ${parts[file - 1] ?? ''} and ${parts[file] ?? ''}${others} it holds no frame, and a file may be missing there. Give all files of the capture, or judge those before and behind by themselves.`,
      },
    ];
  });
}
