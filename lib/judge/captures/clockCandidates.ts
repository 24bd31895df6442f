import { FINE_NS, type ClockLine } from './clockLine.js';
import type { Common } from './samples.js';

/**
 * Lines along which many pairs of the same content lie: a pair says by how much the clocks differ if its two frames are
 * copies of one. Only for the true difference do pairs of all contents and times agree, but for those of equal periods,
 * which are told by what comes after.
 */
export function clockCandidates(common: readonly Common[]): readonly ClockLine[] {
  const found = blocksOf(common).flatMap((block) => candidatesIn(pairsOf(common, block), block.toNs - block.fromNs));
  return distinct(found).slice(0, MOST_CANDIDATES);
}

/** Two oscillators of 100 ppm each, the worst that network interfaces have. */
export const SEARCHED_DRIFT = 200e-6;
const MOST_CANDIDATES = 24;
/** Bounds on work, not on meaning: pairs of one block, and pairs times slopes that are tried. */
const MOST_PAIRS = 200_000;
const MOST_WORK = 40_000_000;
/** Cells of the grid, ns. */
const CELL_NS = FINE_NS / 2;

interface Candidate {
  readonly line: ClockLine;
  readonly count: number;
  /** Half of the time in which it was found, ns. */
  readonly halfNs: number;
}

/** A stretch of frames here. */
interface Block {
  readonly fromNs: number;
  readonly toNs: number;
}

/**
 * All frames here, or, where those are too many, as many as can be looked at, at the beginning, in the middle and at
 * the end.
 */
function blocksOf(common: readonly Common[]): readonly Block[] {
  const frames = common
    .flatMap(({ here, there }) => Array.from(here, (at) => ({ at, partners: there.length })))
    .sort((a, b) => a.at - b.at);
  const [first, last] = [frames[0]?.at ?? 0, frames.at(-1)?.at ?? 0];
  const all = frames.reduce((sum, { partners }) => sum + partners, 0);
  if (all <= MOST_PAIRS && all * slopesFor(last - first) <= MOST_WORK) return [{ fromNs: first, toNs: last }];
  return [0, 0.5, 1].map((share): Block => {
    // Grows around its place until it is as much as can be looked at.
    let low = Math.min(frames.length - 1, Math.floor(share * frames.length));
    let high = low;
    let pairs = frames[low]?.partners ?? 0;
    for (;;) {
      const below = low > 0 ? low - 1 : low;
      const above = high < frames.length - 1 ? high + 1 : high;
      if (below === low && above === high) break;
      const more =
        (below < low ? (frames[below]?.partners ?? 0) : 0) + (above > high ? (frames[above]?.partners ?? 0) : 0);
      const span = (frames[above]?.at ?? 0) - (frames[below]?.at ?? 0);
      if (pairs + more > MOST_PAIRS / 2 || (pairs + more) * slopesFor(span) > MOST_WORK / 4) break;
      [low, high, pairs] = [below, above, pairs + more];
    }
    return { fromNs: frames[low]?.at ?? 0, toNs: frames[high]?.at ?? 0 };
  });
}

function slopesFor(spanNs: number): number {
  return 1 + 2 * Math.ceil((SEARCHED_DRIFT * spanNs) / 2 / CELL_NS);
}

interface Pairs {
  readonly there: Float64Array;
  /** Here less there. */
  readonly difference: Float64Array;
}

function pairsOf(common: readonly Common[], { fromNs, toNs }: Block): Pairs {
  const there: number[] = [];
  const difference: number[] = [];
  for (const { here, there: others } of common)
    for (const a of here) {
      if (a < fromNs || a > toNs) continue;
      for (const b of others) {
        there.push(b);
        difference.push(a - b);
      }
    }
  return { there: Float64Array.from(there), difference: Float64Array.from(difference) };
}

/** Groups of pairs that are looked at closely, the largest first. */
const MOST_WINDOWS = 64;
const LEAST_PAIRS = 2;

function candidatesIn(pairs: Pairs, spanNs: number): Candidate[] {
  const found: Candidate[] = [];
  let work = 0;
  for (const window of windowsOf(pairs.difference, SEARCHED_DRIFT * spanNs + 2 * FINE_NS)) {
    const points = pointsOf(window, pairs);
    work += window.length * slopesFor(2 * points.half);
    if (found.length > 0 && work > MOST_WORK) break;
    found.push(...linesIn(points));
  }
  return found;
}

/**
 * Pairs whose differences lie within what drift makes of one difference, the largest groups first; each line is whole
 * in at least one.
 */
function windowsOf(difference: Float64Array, width: number): readonly (readonly number[])[] {
  const cells = new Map<number, number[]>();
  difference.forEach((value, i) => {
    const cell = Math.floor(value / width);
    const list = cells.get(cell);
    if (list === undefined) cells.set(cell, [i]);
    else list.push(i);
  });
  return [...cells.keys()]
    .map((cell) => ({ cell, count: (cells.get(cell)?.length ?? 0) + (cells.get(cell + 1)?.length ?? 0) }))
    .filter(({ count }) => count >= LEAST_PAIRS)
    .sort((a, b) => b.count - a.count || a.cell - b.cell)
    .slice(0, MOST_WINDOWS)
    .map(({ cell }) => [...(cells.get(cell) ?? []), ...(cells.get(cell + 1) ?? [])]);
}

interface Points {
  /** Time there, from the middle. */
  readonly t: Float64Array;
  /** Difference, from the least one. */
  readonly d: Float64Array;
  readonly middle: number;
  readonly least: number;
  readonly most: number;
  readonly half: number;
}

function pointsOf(window: readonly number[], { there, difference }: Pairs): Points {
  const t = Float64Array.from(window, (i) => there[i] as number);
  const d = Float64Array.from(window, (i) => difference[i] as number);
  const [low, high] = ends(t);
  const [least, most] = ends(d);
  const middle = (low + high) / 2;
  return {
    t: t.map((at) => at - middle),
    d: d.map((value) => value - least),
    middle,
    least,
    most,
    half: (high - low) / 2,
  };
}

function ends(values: Float64Array): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Of the best line's pairs, so many make a line worth a closer look. */
const KEPT_SHARE = 0.4;

/** Lines in a grid of slopes and offsets (a Hough transform). */
function linesIn({ t, d, middle, least, most, half }: Points): Candidate[] {
  const steps = (slopesFor(2 * half) - 1) / 2;
  const slope = half === 0 ? 0 : CELL_NS / half;
  const margin = steps * slope * half + CELL_NS;
  const cells = new Int32Array(Math.ceil((most - least + 2 * margin) / CELL_NS) + 2);
  const touched = new Int32Array(t.length);
  let found: Candidate[] = [];
  let best = LEAST_PAIRS;
  for (let step = -steps; step <= steps; step++) {
    const drift = step * slope;
    let size = 0;
    for (let i = 0; i < t.length; i++) {
      const cell = Math.floor(((d[i] as number) - drift * (t[i] as number) + margin) / CELL_NS);
      if (cells[cell] === 0) touched[size++] = cell;
      cells[cell] = (cells[cell] as number) + 1;
    }
    for (let i = 0; i < size; i++) {
      const cell = touched[i] as number;
      // What lies astride two cells lies in both of them together.
      const count = (cells[cell] as number) + (cells[cell + 1] as number);
      if (count < best * KEPT_SHARE || count < LEAST_PAIRS) continue;
      if (count > best) best = count;
      const offsetNs = least - margin + (cell + 1) * CELL_NS;
      found.push({ line: { offsetNs, drift, atNs: middle }, count, halfNs: half });
    }
    for (let i = 0; i < size; i++) cells[touched[i] as number] = 0;
    if (found.length > MOST_FOUND) found = distinctCandidates(found);
  }
  return distinctCandidates(found.filter(({ count }) => count >= best * KEPT_SHARE)).slice(0, MOST_CANDIDATES);
}

const MOST_FOUND = 5_000;

/** The best of those that say nearly the same. */
function distinctCandidates(found: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const one of [...found].sort((a, b) => b.count - a.count)) {
    if (kept.length >= 4 * MOST_CANDIDATES) break;
    if (kept.every((other) => !isNear(one, other))) kept.push(one);
  }
  return kept;
}

function isNear(a: Candidate, b: Candidate): boolean {
  const at = (a.line.atNs + b.line.atNs) / 2;
  const half = Math.max(a.halfNs, b.halfNs);
  const offset =
    a.line.offsetNs + a.line.drift * (at - a.line.atNs) - b.line.offsetNs - b.line.drift * (at - b.line.atNs);
  return Math.abs(offset) + Math.abs(a.line.drift - b.line.drift) * half <= 2 * FINE_NS;
}

function distinct(found: readonly Candidate[]): ClockLine[] {
  return distinctCandidates(found).map(({ line }) => line);
}
