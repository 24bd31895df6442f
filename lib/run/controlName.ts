import type { Intent } from '../evidence/types.js';

/**
 * What a scenario is tried against besides the replicator alone: it must fail then. Mutants and tampers have no
 * name in common.
 */
export interface ControlName {
  readonly type: 'mutant' | 'tamper';
  readonly name: string;
}

/** The control that an experiment is; null for a qualification. */
export function controlOf(intent: Intent): ControlName | null {
  if (intent.type === 'qualify') return null;
  return 'tamper' in intent ? { type: 'tamper', name: intent.tamper } : { type: 'mutant', name: intent.mutant };
}

/** The reverse. */
export function intentOf(control: ControlName | null): Intent {
  if (control === null) return { type: 'qualify' };
  return control.type === 'tamper'
    ? { type: 'control', tamper: control.name }
    : { type: 'control', mutant: control.name };
}
