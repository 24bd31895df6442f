import type { Fault } from './fault.js';

/** Throws RangeError with the known names: a scenario names faults in its text, so this is a mistake of the author. */
export function faultNamed(name: string, faults: readonly Fault[]): Fault {
  const found = faults.find((fault) => fault.name === name);
  if (found === undefined)
    throw new RangeError(`no fault "${name}"; there are ${faults.map((fault) => fault.name).join(', ')}`);
  return found;
}
