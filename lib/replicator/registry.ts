import { none } from './none.js';
import { ovsGroup } from './ovsGroup.js';
import type { Replicator } from './types.js';

/** Every built-in replicator; a new one is one file and one line here. */
export const REPLICATORS: readonly Replicator[] = [ovsGroup, none];
