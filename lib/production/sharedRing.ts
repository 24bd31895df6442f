import { BYTES_PER_FRAME, columnsIn, type Columns } from '../judge/captures/columns.js';
import { MOST_HOSTS } from '../judge/captures/settings.js';

/** A ring of columns between the thread that reads a capture and the one that judges, in one block of shared memory. */
export interface SharedRing {
  readonly buffer: SharedArrayBuffer;
  readonly columns: Columns;
  readonly macs: Float64Array;
  /** Int32 words for Atomics, see the constants. */
  readonly control: Int32Array;
  /** What the reader said last, in turns, so that the judge never reads what is being written. */
  readonly said: Float64Array;
}

/** Number of the reader's last statement. */
export const SEQUENCE = 0;
/** Records that the judge has taken. */
export const TAIL = 1;
/** Not 0: the reader is done and has posted what the capture was. */
export const ENDED = 2;
/** Not 0: the judge wants no more. */
export const STOP = 3;
/** Not 0: the reader runs; from then on it says itself what goes wrong. */
export const STARTED = 4;
/** Not 0: the judge waits for a statement, and is woken only then. A reader waits for its bell. */
export const JUDGE_WAITS = 5;

const CONTROL_WORDS = 16;
export const TURNS = 8;
export const WORDS_PER_TURN = 4;

/** Bytes that a ring takes of its buffer. */
export function ringBytes(capacity: number): number {
  return CONTROL_WORDS * 4 + (TURNS * WORDS_PER_TURN + MOST_HOSTS) * 8 + capacity * BYTES_PER_FRAME;
}

export function createSharedRing(
  capacity: number,
  buffer: SharedArrayBuffer = new SharedArrayBuffer(ringBytes(capacity)),
  from = 0,
): SharedRing {
  return viewSharedRing(buffer, capacity, from);
}

export function viewSharedRing(buffer: SharedArrayBuffer, capacity: number, from: number): SharedRing {
  const saidAt = from + CONTROL_WORDS * 4;
  const macsAt = saidAt + TURNS * WORDS_PER_TURN * 8;
  return {
    buffer,
    control: new Int32Array(buffer, from, CONTROL_WORDS),
    said: new Float64Array(buffer, saidAt, TURNS * WORDS_PER_TURN),
    macs: new Float64Array(buffer, macsAt, MOST_HOSTS),
    columns: columnsIn(buffer, macsAt + MOST_HOSTS * 8, capacity),
  };
}
