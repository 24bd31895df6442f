import type { FaultVerb } from './types.js';

/** Throws RangeError with the known names: a scenario names verbs in its text, so this is a mistake of the author. */
export function faultNamed(name: string, faults: readonly FaultVerb[]): FaultVerb {
  const found = faults.find((fault) => fault.name === name);
  if (found === undefined)
    throw new RangeError(`no fault "${name}"; there are ${faults.map((fault) => fault.name).join(', ')}`);
  return found;
}
