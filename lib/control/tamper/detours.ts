import type { Detour } from '../../testbed/lab.js';
import type { Tamper } from './types.js';

const led = (told: Pick<Tamper, 'name' | 'description' | 'mustFind'>, way: Detour): Tamper => ({
  ...told,
  isDetour: true,
  needs: ['inject:leg'],
  lacks: ({ detour }) =>
    detour === undefined
      ? {
          what: `the tamper ${told.name}`,
          command: 'everyleaf run',
          output: 'crafted frames are led another way only on installed machines',
        }
      : null,
  tries: () => [],
  changes: ({ detour }) => (detour === undefined ? [] : [detour(way)]),
});

/**
 * Controls for machines of which nothing may be changed: no rule is put on a wire, and the replicator works as it does.
 * The lab leads its own frames another way, so that the leaves see what a wrong replicator would make of them.
 */
export const DETOURS: readonly Tamper[] = [
  led(
    {
      name: 'bypass-to-one-leg',
      description: 'Crafted frames pass the replicator by, and leave on one leg alone.',
      mustFind: ['missing'],
    },
    'one-leg',
  ),
  led(
    {
      name: 'send-again-on-one-leg',
      description: 'Crafted frames leave on one leg once more than they should.',
      mustFind: ['duplicate', 'data-replicated'],
    },
    'again',
  ),
];
