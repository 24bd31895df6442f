import type { CaptureSummary, Damage } from './types.js';

/**
 * What the push parser and the reader of one format share. A reader consumes whole units (a header, a record, a block);
 * where it stops, `need` says how many bytes the unit at that place takes, or `skip` how many bytes to drop unseen.
 */
export interface ReaderState {
  need: number;
  skip: number;
  damage: Damage | null;
  frames: number;
}

export interface FormatReader {
  readonly format: CaptureSummary['format'];
  /**
   * Consumes what it can of `bytes[at, end)`; `base + index` is the file offset of `bytes[index]`. Returns where it
   * stopped. With at least `need` bytes present it either moves on, raises `need`, sets `skip` or sets `damage`.
   */
  consume(bytes: Uint8Array, at: number, end: number, base: number): number;
  /** Why the file must not end here, between two units; null when it may. */
  unfinished(): string | null;
  drops(): number | null;
  carried(): number;
  untimed(): number;
  joined(): CaptureSummary['joined'];
  sections(): number;
  interfaces(): CaptureSummary['interfaces'];
}

/** Files that were joined, as `cat` does it: the format has no way to say so. */
export function joinedAt(state: ReaderState, offset: number): void {
  damaged(
    state,
    offset,
    `a second file begins there, in place of record ${state.frames + 1}: give the files that were joined one by one (leaf-a=FIRST,SECOND)`,
  );
}

export function damaged(state: ReaderState, offset: number, message: string): void {
  state.damage ??= { offset, message };
}

export function le32(b: Uint8Array, at: number): number {
  return (
    ((b[at] as number) |
      ((b[at + 1] as number) << 8) |
      ((b[at + 2] as number) << 16) |
      ((b[at + 3] as number) << 24)) >>>
    0
  );
}

export function be32(b: Uint8Array, at: number): number {
  return (
    ((b[at + 3] as number) |
      ((b[at + 2] as number) << 8) |
      ((b[at + 1] as number) << 16) |
      ((b[at] as number) << 24)) >>>
    0
  );
}
