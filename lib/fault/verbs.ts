import { suggest } from '../topology/suggest.js';
import type { Lab } from '../testbed/types.js';
import type { Leg } from '../topology/model.js';
import { UserError } from '../userError.js';
import { plug, unplug, type Edge } from './unplug.js';

/** Something that can be done to one leg of a lab. */
export interface FaultVerb {
  readonly name: string;
  /** What a technician would say happened. */
  readonly event: string;
  /** Whether the leg can carry frames afterwards. */
  readonly leaves: 'up' | 'down';
  apply(lab: Lab, leg: Leg): Promise<Edge>;
}

/** Every verb; a new one is one file and one line here. */
export const VERBS: readonly FaultVerb[] = [
  { name: 'unplug', event: 'the cable is out', leaves: 'down', apply: unplug },
  { name: 'plug', event: 'the cable is in', leaves: 'up', apply: plug },
];

/** A verb by name. Throws UserError with the known names. */
export function verbNamed(name: string): FaultVerb {
  const found = VERBS.find((verb) => verb.name === name);
  if (found !== undefined) return found;
  const names = VERBS.map((verb) => verb.name);
  throw new UserError(`unknown verb "${name}"; ${suggest(name, names)}`, `known: ${VERBS.map((verb) => `${verb.name} (${verb.event})`).join(', ')}`);
}
