import { everyNeighborFrame } from '../profile/table/everyNeighborFrame.js';
import type { Replicator } from './types.js';

/** A host without a replicator: its bond hashes every frame to one leg. This is why the project exists. */
export const none: Replicator = {
  name: 'none',
  description: 'No replicator: the bond alone decides which leaf gets a frame.',
  profile: everyNeighborFrame,
  on: 'any',
  install: () =>
    Promise.resolve({
      audit: () => Promise.resolve([]),
      broken: () => null,
      settled: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
};
