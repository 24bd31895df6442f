import type { Nanoseconds } from '../evidence/types.js';

/** From when to when an edge took: begun, and known to have happened; on the lab's clock. */
export interface Edge {
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
}

/** A command on a node: data, so that another machine can hold it before it is needed. */
export interface CommandStep {
  readonly node: string;
  readonly argv: readonly string[];
  readonly input?: string;
  /** It may end with another code than 0, or not start. */
  readonly mayFail?: boolean;
}

/** Longer than any scenario takes: for changes that nobody needs to end sooner. */
export const LONGEST_CHANGE_MS = 600_000;

/** What cannot be a command: something that we do, or wait for. */
export interface ActionStep {
  /** For errors: "the other end to lose its carrier". */
  readonly what: string;
  run(): Promise<unknown>;
}

export type Step = CommandStep | ActionStep;

/**
 * Something that is changed in a lab, and how it is made good again. The steps of the undo must be right also when only
 * some of the change's own steps were done, or none.
 */
export interface Change {
  /** What a person would call it: "leg-a: the cable is out". */
  readonly name: string;
  readonly steps: readonly Step[];
  readonly undo: readonly Step[];
  /** How long it may last at most, ms: a testbed whose machines outlive us takes it back by then without us. */
  readonly maxMs: number;
}

/** A change that is in force until it is undone, at the latest when its lab is disposed of. */
export interface Applied extends AsyncDisposable {
  readonly change: Change;
  /** From the first step to the last. */
  readonly edge: Edge;
  /** Once, however often it is called; the answer is then the same. */
  undo(): Promise<Edge>;
}
