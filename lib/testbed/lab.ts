import type { Nanoseconds, VantageRecord } from '../evidence/types.js';
import type { Topology } from '../topology/model.js';
import type { Offer } from './capability.js';
import type { Applied, Change } from './change.js';
import type { Clock } from './clock.js';
import type { Cables } from './cables.js';
import type { SriovNics } from './nics.js';
import type { Node } from './node.js';
import type { Link, Port, TestPort } from './port.js';
import type { Timing } from './timing.js';

/** The state in which we got a lab: made for us, reset by us, or shared with others. */
export type Freshness = 'new' | 'reset' | 'shared';

/** A lease on a lab that others may want, too. The testbed renews it. */
export interface Lease {
  readonly holder: string;
  readonly untilNs: Nanoseconds;
}

/**
 * A way of crafted frames that no replicator takes. `one-leg`: not out of their sender's NIC, but out of the host's end
 * of the first leg alone; `again`: out of their sender's NIC, and of that end once more.
 */
export type Detour = 'one-leg' | 'again';

/** How the kernel of a leaf that is what it is makes those at the other ends of its legs speak. */
export interface Asker {
  /** The interface with its gateway's address. */
  readonly port: string;
  /** Addresses that nobody has, to ask from: a host must ask for them before it can answer. */
  readonly spare: readonly string[];
  /** They are on that interface; absent where there are none. */
  readonly lend: Change | null;
}

/** Nodes and links, up and silent, and nothing else: the data plane adds switches. */
export interface Lab extends AsyncDisposable {
  /** Its machines are what they are, and say what they want; absent where only the lab lets them speak. */
  readonly isAsFound?: boolean;
  /** With the real MACs and names, where they differ from the requested ones. */
  readonly topology: Topology;
  readonly freshness: Freshness;
  /** null where no one else can use it. */
  readonly lease: Lease | null;
  readonly timing: Timing;
  /** By leaf: the clock that stamps its frames, where they are captured on another machine than the leaf's own. */
  readonly captureClocks?: ReadonlyMap<string, Clock>;
  /** By leaf: what its captures were found to show. Absent where nothing can be between a leaf's port and its capture. */
  readonly vantages?: Readonly<Record<string, VantageRecord>>;
  /**
   * By leaf: how it asks. Only where no frame can be sent on the legs, so that nothing but its kernel makes host and VMs
   * speak.
   */
  readonly askers?: ReadonlyMap<string, Asker>;
  readonly nodes: readonly Node[];
  /** Every port that the testbed knows of, for tests, and for reaching the nodes. */
  readonly ports: readonly Port[];
  readonly links: readonly Link[];
  /** Throws RangeError for a name that the topology does not have. */
  node(name: string): Node;
  /** A port for tests. Throws RangeError for one that the lab does not have, or that is for management. */
  port(node: string, name: string): TestPort;
  /** A port that was made after the lab was opened: by a guest, or by a program. */
  adopt(node: string, name: string, mac: string): TestPort;
  /**
   * A leg, or the link of a VM, leaf (to the spine) or client. Throws RangeError for one that the lab does not have.
   */
  link(name: string): Link;
  /** NICs of its machine, for the host. Absent: each leg is a link of two ends alone. */
  readonly sriov?: SriovNics;
  /** Of its legs, where these are between virtio NICs of its machine. */
  readonly cables?: Cables;
  /**
   * How long the machine of the lab itself has waited for a CPU, ns, where that is a program of ours; null where that
   * cannot be read. Absent: it is a machine.
   */
  readonly machineWait?: () => Promise<number | null>;
  /** The lab's clock: edges are given in its time, and each node's clock has an offset to it. */
  now(): Promise<Nanoseconds>;
  /**
   * Makes a change. Its undo is registered before the first step: what fails half-way is undone and throws, and what is
   * still in force when the lab is disposed of, or when we die, is undone then.
   */
  apply(change: Change): Promise<Applied>;
  /** Leads crafted frames another way than out of their sender's NIC; absent where wires can be tampered with. */
  readonly detour?: (way: Detour) => Change;
  /** Kills the replicator that is installed there, where that is allowed; only where machines are as they were found. */
  readonly killsReplicator?: Offer<Change>;
  /**
   * Undoes all changes and ends all processes, so that the lab is as it was when it was opened. Throws TestbedError
   * when it is not.
   */
  reset(): Promise<void>;
}
