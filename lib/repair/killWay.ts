import type { Binding } from '../binding/schema.js';

/** How the host's installed replicator is killed and started: commands of the host's machine. */
export interface KillWay {
  readonly machine: string;
  readonly kill: readonly string[];
  readonly start: readonly string[];
  /** Prints whether it runs. */
  readonly show: readonly string[];
  /** What it prints while the replicator is dead, and only then. */
  readonly deadSays: string;
}

/** null where the binding does not allow it, or where a lab starts the replicator by itself. */
export function killWay({ host }: Pick<Binding, 'host'>): KillWay | null {
  const { replicator, machine } = host;
  if (!('installed' in replicator) || replicator.killing === undefined) return null;
  return { machine, ...replicator.killing };
}
