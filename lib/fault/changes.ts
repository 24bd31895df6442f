import type { Change } from '../testbed/change.js';

/** One change after another; undone in reverse order. */
export function inTurn(name: string, changes: readonly Change[]): Change {
  return {
    name,
    steps: changes.flatMap(({ steps }) => steps),
    undo: [...changes].reverse().flatMap(({ undo }) => undo),
    maxMs: Math.min(...changes.map(({ maxMs }) => maxMs)),
  };
}
