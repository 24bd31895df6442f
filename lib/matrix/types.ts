import type { Verdict } from '../judge/types.js';

/**
 * What became of a pair of a replicator and a data plane. `holds`: the run passed, with all of its controls noticed.
 * `does-not-fit`: the replicator is not made for the data plane, or no wiring fits; nothing was run. `not-here`: this
 * machine lacks something. `not-tried`: the matrix ended before.
 */
export type CellState = 'holds' | 'fails' | 'inconclusive' | 'blocked' | 'does-not-fit' | 'not-here' | 'not-tried';

/** A data plane in one of its variants: a column. */
export interface PlaneColumn {
  readonly plane: string;
  readonly variant: string;
}

/** A copy of the first failing frame in a capture. */
export interface FrameCopy {
  readonly leaf: string;
  /** Of the whole run's folder, relative to that of the cell; null where no capture of the leg was kept. */
  readonly file: string | null;
  /** Frame number there, from 1, as tshark counts; null where it cannot be found. */
  readonly number: number | null;
  /** After it was sent, ns. */
  readonly afterNs: number;
  readonly differences: readonly string[];
}

/** The first frame in time that was judged to be wrong. */
export interface FirstFailure {
  readonly scenario: string;
  readonly experiment: string;
  readonly probe: number;
  readonly kind: string;
  readonly sender: string;
  readonly leaf: string | null;
  /** `missing`, `duplicate`, `altered`, `copied` and the like. */
  readonly wrong: string;
  /** Since 1970 on the clock of the lab, ns. */
  readonly sentNs: string;
  /** UTC, ISO 8601, to the microsecond. */
  readonly sentAt: string;
  /** As it is due on the wire, hex; null without evidence. */
  readonly frame: string | null;
  /** That frame in a line. */
  readonly summary: string | null;
  /** That frame, field by field. */
  readonly fields: readonly { readonly layer: string; readonly fields: readonly (readonly [string, string])[] }[];
  readonly copies: readonly FrameCopy[];
  /** Captures of the leaf, relative to the folder of the cell, in which it should have been or is wrong. */
  readonly captures: readonly string[];
}

/** One pair. It always says why it is what it is. */
export interface MatrixCell extends PlaneColumn {
  readonly replicator: string;
  readonly state: CellState;
  /** Why; never empty. */
  readonly sentence: string;
  /** Scenarios that were tried there. */
  readonly tried: readonly string[];
  /** Scenarios that could not be tried there, each with its reason. */
  readonly skipped: readonly string[];
  readonly frames: { readonly due: number; readonly delivered: number };
  readonly controls: { readonly tried: number; readonly noticed: number };
  /**
   * What a host without a replicator must show: a frame that was due on every leaf was missing at one; or data was doubled,
   * where the host's bond sends everything on every leg.
   */
  readonly misses: boolean;
  readonly first: FirstFailure | null;
  /** Folder of its own run and its report, relative to that of the matrix; null where nothing was run. */
  readonly folder: string | null;
  readonly report: string | null;
  /** Repeats this cell; null where nothing can be run. */
  readonly command: string | null;
  /** Name of the wiring; null where nothing was run. */
  readonly topology: string | null;
  readonly durationMs: number;
}

export interface MatrixRow {
  readonly replicator: string;
  readonly description: string;
  /** It must fail everywhere. */
  readonly isControl: boolean;
}

/** `matrix.json`. */
export interface MatrixReport {
  readonly schema: 1;
  readonly run: string;
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly testbed: string;
  readonly columns: readonly PlaneColumn[];
  readonly rows: readonly MatrixRow[];
  /** Row by row. */
  readonly cells: readonly MatrixCell[];
  /** Columns in which a host without a replicator was not seen to fail, each with a sentence. */
  readonly distrusted: readonly (PlaneColumn & { readonly sentence: string })[];
  /** What is known and not on the page, and why. */
  readonly leftOut: readonly string[];
  /** How each cell was narrowed. */
  readonly scope: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly command: string;
  readonly startedAt: string;
  readonly durationMs: number;
}
