import type { Applied } from '../testbed/change.js';

/** VMs that are not on the host yet, by name, each with what keeps it away. */
export type Absent = ReadonlyMap<string, Applied>;
