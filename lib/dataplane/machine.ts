import type { Capability } from '../doctor/types.js';

/** A program whose version a reader of a report must know, to believe or repeat it. */
export interface VersionFact {
  readonly name: string;
  /** Its first line of output is taken. */
  readonly argv: readonly string[];
}

/** What a data plane needs of the machine on which its labs run. */
export interface PlaneMachine {
  /** What `everyleaf doctor` tries. */
  readonly probes: readonly Capability[];
  /** What goes into the environment of a run. */
  readonly versions: readonly VersionFact[];
  /** Programs that reach the host's switch at a prompt there (`everyleaf shell`). */
  readonly tools: readonly string[];
}
