import { orNear } from '../topology/suggest.js';
import { UserError } from '../userError.js';
import type { Fault } from './fault.js';

/** What a person can do to a leg of a standing lab: a fault, or its repair. */
export interface BreakVerb {
  readonly name: string;
  /** What happened, in a technician's words. */
  readonly event: string;
  readonly fault: Fault;
  /** Whether it is the fault's repair. */
  readonly repairs: boolean;
}

/** Every fault and every repair by name. */
export function verbsOf(faults: readonly Fault[]): readonly BreakVerb[] {
  return faults.flatMap((fault): BreakVerb[] => [
    { name: fault.name, event: fault.title, fault, repairs: false },
    { name: fault.undoName, event: fault.undoTitle, fault, repairs: true },
  ]);
}

/** A verb by name. Throws UserError with the known names. */
export function verbNamed(name: string, faults: readonly Fault[]): BreakVerb {
  const verbs = verbsOf(faults);
  const found = verbs.find((verb) => verb.name === name);
  if (found !== undefined) return found;
  const names = verbs.map((verb) => verb.name);
  throw new UserError(
    `unknown verb "${name}"${orNear(name, names)}`,
    `known: ${verbs.map((verb) => `${verb.name} (${verb.event})`).join(', ')}`,
  );
}
