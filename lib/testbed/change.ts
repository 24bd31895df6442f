import type { Nanoseconds } from '../evidence/types.js';

/** The time span of an edge: when it began, and when it is known to have happened; on the lab's clock. */
export interface Edge {
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
}

/** A command on a node: data, so that another machine can hold it before it is needed. */
export interface CommandStep {
  readonly node: string;
  readonly argv: readonly string[];
  readonly input?: string;
  /** It may fail: end with another code than 0, or not start. */
  readonly mayFail?: boolean;
}

/** Longer than any scenario: for changes that need not end sooner. */
export const LONGEST_CHANGE_MS = 600_000;

/** A step that cannot be a command: something that we do, or wait for. */
export interface ActionStep {
  /** For errors: "the other end to lose its carrier". */
  readonly what: string;
  run(): Promise<unknown>;
}

export type Step = CommandStep | ActionStep;

/**
 * Something that is changed in a lab, and how it is undone. The steps of the undo must also work when only some of the
 * change's own steps were done, or none.
 */
export interface Change {
  /** What a person would call it: "leg-a: the cable is out". */
  readonly name: string;
  readonly steps: readonly Step[];
  readonly undo: readonly Step[];
  /** How long it may last at most, ms: a testbed whose machines outlive us undoes it by then without us. */
  readonly maxMs: number;
}

/** A change that is in force until it is undone, at the latest when its lab is disposed of. */
export interface Applied extends AsyncDisposable {
  readonly change: Change;
  /** From the first step to the last. */
  readonly edge: Edge;
  /** Undoes it once, however often it is called, with the same result. */
  undo(): Promise<Edge>;
}
