import type { Copy } from '../judge/types.js';
import type { EvidenceManifest, NeighborHistory, Probe, TrafficHistory } from '../evidence/types.js';

/** What the page shows of one experiment besides its judgement: the evidence itself. */
export interface ExperimentDetails {
  readonly manifest: EvidenceManifest;
  readonly probes: readonly Probe[];
  readonly neighbors?: NeighborHistory;
  readonly traffic?: TrafficHistory;
  /** Bytes of the leaf captures, by the tap's `file`; a file that could not be read is absent. */
  readonly captures: Readonly<Record<string, Uint8Array>>;
}

/**
 * Fetches the evidence of an experiment by its id; null when it left none. Called more than once: keep what was read.
 */
export interface ReportDetails {
  experiment(id: string): ExperimentDetails | null;
  /**
   * The bytes of one copy, for captures without an evidence folder (judging captures that were taken anywhere). Called
   * only for the examples on the page; null when the frame is not available.
   */
  frame?(experiment: string, leaf: string, copy: Copy): Uint8Array | null;
}

/** A report without frames, timeline and wiring: for a judgement without its evidence. */
export const NO_DETAILS: ReportDetails = { experiment: () => null };
