import type { Topology } from '../topology/model.js';
import type { Freshness, Lab } from './lab.js';
import type { Timing } from './timing.js';

/**
 * Where along a leg's path something is needed: at the NICs of senders, at the host's ends of legs, at the leaves'
 * ends.
 */
export type Spot = 'sender' | 'leg' | 'leaf';

/**
 * What a lab must be able to do besides running commands. `deploy`: our own programs run there. `terminal`: a person
 * can. `nic:sriov`: the host has NICs with virtual functions.
 * `nic:virtio`: its legs are cables between virtio NICs.
 */
export type Need =
  `inject:${Spot}` | `tap:${Spot}` | 'cut' | 'shut' | 'deploy' | 'terminal' | 'nic:sriov' | 'nic:virtio';

export interface Wanted {
  readonly topology: Topology;
  /** None without it. */
  readonly needs?: readonly Need[];
  /** All legs may be without carrier at the same time; on machines of others that is refused without it. */
  readonly mayLoseAll?: boolean;
}

/** Where labs run. */
export interface Testbed extends AsyncDisposable {
  readonly name: string;
  readonly timing: Timing;
  /** What `open` gives. */
  readonly freshness: Freshness;
  /**
   * A lab that fits. Throws LackError, before anything is touched that is in use, when it cannot do what is needed, and
   * TestbedError when it is not released within `waitMs` (default: no wait), or is not clean.
   */
  open(wanted: Wanted, options?: { readonly waitMs?: number }): Promise<Lab>;
}
