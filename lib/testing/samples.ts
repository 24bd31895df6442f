/**
 * Some tests take samples of what may happen at any instant, or by any accident. Each run of them takes a share, so that
 * a commit is told soon; `EVERYLEAF_LONG=1` takes all of them, as a night does.
 */
const IS_LONG = process.env['EVERYLEAF_LONG'] === '1';

/** So many of these in this run: `usual`, or all of them. */
export function samples(usual: number, all: number): number {
  return IS_LONG ? all : usual;
}

/**
 * The draw of this run: from 0 up to 1, the same in all its processes. Where several long tests show much the same, each
 * run takes some of them by lot.
 */
export const DRAW_VARIABLE = 'EVERYLEAF_DRAW';

/** Is test `mine` of `of`, from 0, among the `usual` ones that are drawn together? In a long run each of them is. */
export function isDrawn(
  mine: number,
  of: number,
  usual: number,
  draw = Number(process.env[DRAW_VARIABLE] ?? 0),
): boolean {
  const first = Math.floor(draw * of);
  return (mine - first + of) % of < samples(usual, of);
}

/** Why a test is skipped that was not drawn. */
export const NOT_DRAWN = 'not drawn in this run; EVERYLEAF_LONG=1 takes all';

/** As many of these as `samples` says, any of them, each at most once. `roll` gives 0 up to 1. */
export function someOf<T>(items: readonly T[], usual: number, roll: () => number): readonly T[] {
  const left = [...items];
  return Array.from({ length: Math.min(left.length, samples(usual, left.length)) }, () =>
    left.splice(Math.floor(roll() * left.length), 1),
  ).flat();
}
