/**
 * How the judge wakes a thread that has nowhere to write: one for each thread, whatever the number of its rings. Int32
 * words for Atomics.
 */
export type Bell = Int32Array<SharedArrayBuffer>;

/** Counts what may be worth waking for. */
const RUNG = 0;
/** Not 0: the thread sleeps, or is about to. */
const SLEEPS = 1;
const WORDS = 2;

export function createBell(): Bell {
  return new Int32Array(new SharedArrayBuffer(WORDS * 4));
}

/** To be taken before looking whether there is anything to do. */
export function rung(bell: Bell): number {
  return Atomics.load(bell, RUNG);
}

/** Costs nothing much when nobody sleeps. */
export function ring(bell: Bell): void {
  Atomics.add(bell, RUNG, 1);
  if (Atomics.load(bell, SLEEPS) !== 0) Atomics.notify(bell, RUNG);
}

/** Blocks until the bell has been rung since `seen`. */
export function sleepSince(bell: Bell, seen: number): void {
  Atomics.store(bell, SLEEPS, 1);
  Atomics.wait(bell, RUNG, seen);
  Atomics.store(bell, SLEEPS, 0);
}
