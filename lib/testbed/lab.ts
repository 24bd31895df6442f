import type { Nanoseconds } from '../evidence/types.js';
import type { Topology } from '../topology/model.js';
import type { Applied, Change } from './change.js';
import type { Node } from './node.js';
import type { Link, Port, TestPort } from './port.js';
import type { Timing } from './timing.js';

/** What a lab was before it was ours: made for us, set back by us, or in other hands at the same time. */
export type Freshness = 'new' | 'reset' | 'shared';

/** That a lab is ours for a while, where others may want it, too. The testbed renews it. */
export interface Lease {
  readonly holder: string;
  readonly untilNs: Nanoseconds;
}

/** Nodes and links, up and silent, and nothing else: switches are the data plane's work. */
export interface Lab extends AsyncDisposable {
  /** With the real MACs and names, where they differ from those that were wanted. */
  readonly topology: Topology;
  readonly freshness: Freshness;
  /** null where nobody else can have it. */
  readonly lease: Lease | null;
  readonly timing: Timing;
  readonly nodes: readonly Node[];
  /** Every port that the testbed knows of, those for tests and those over which nodes are reached. */
  readonly ports: readonly Port[];
  readonly links: readonly Link[];
  /** Throws RangeError for a name that the topology does not have. */
  node(name: string): Node;
  /** A port for tests. Throws RangeError for one that the lab does not have, or that is for management. */
  port(node: string, name: string): TestPort;
  /** A port that came into being since the lab was opened: a guest's, or one of a program's own. */
  adopt(node: string, name: string, mac: string): TestPort;
  /**
   * A leg, or the link of a VM, leaf (to the spine) or client. Throws RangeError for one that the lab does not have.
   */
  link(name: string): Link;
  /** The lab's clock, by which edges are told and to which each node's clock has its offset. */
  now(): Promise<Nanoseconds>;
  /**
   * Makes a change. Its undo is registered before the first step: what fails half-way is undone and throws, and what is
   * still in force when the lab is disposed of, or when we die, is undone then.
   */
  apply(change: Change): Promise<Applied>;
  /**
   * Undoes what is in force and what ran, so that the lab is as it was when it was opened. Throws TestbedError when it
   * is not.
   */
  reset(): Promise<void>;
}
