/**
 * Some tests take samples of what may happen at any instant, or by any accident. Each run of them takes a share, so that
 * a commit is told soon; `EVERYLEAF_LONG=1` takes all of them, as a night does.
 */
const IS_LONG = process.env['EVERYLEAF_LONG'] === '1';

/** So many of these in this run: `usual`, or all of them. */
export function samples(usual: number, all: number): number {
  return IS_LONG ? all : usual;
}

/** As many of these as `samples` says, any of them, each at most once. `roll` gives 0 up to 1. */
export function someOf<T>(items: readonly T[], usual: number, roll: () => number): readonly T[] {
  const left = [...items];
  return Array.from({ length: Math.min(left.length, samples(usual, left.length)) }, () =>
    left.splice(Math.floor(roll() * left.length), 1),
  ).flat();
}
