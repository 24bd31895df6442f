import { suggest } from '../topology/suggest.js';
import { UserError } from '../userError.js';
import type { Edge, FaultArguments, FaultSite, FaultVerb } from './types.js';

/** EX_UNAVAILABLE of sysexits.h. */
const MACHINE_LACKS = 69;

/** Something that can be done to one leg of a lab that stands: a fault, or its repair. */
export interface BreakVerb {
  readonly name: string;
  /** What a technician would say happened. */
  readonly event: string;
  readonly fault: FaultVerb;
  /** Whether it is the fault's repair. */
  readonly repairs: boolean;
  /** Whether the leg is out of the bond afterwards: its carrier is gone, or back; null = the carrier is as it was. */
  readonly leaves: 'up' | 'down' | null;
  apply(site: FaultSite, args?: FaultArguments): Promise<Edge>;
}

/** Every fault and every repair by name. */
export function verbsOf(faults: readonly FaultVerb[]): readonly BreakVerb[] {
  return faults.flatMap((fault): BreakVerb[] => [
    {
      name: fault.name,
      event: fault.title,
      fault,
      repairs: false,
      leaves: fault.bondLeaves === 'at once' ? 'down' : null,
      async apply(site, args = {}) {
        const lacking = (await fault.lacking?.(site)) ?? null;
        if (lacking !== null)
          throw new UserError(
            `this machine cannot do ${fault.name}: ${lacking.output}`,
            `tried with: ${lacking.command}`,
            MACHINE_LACKS,
          );
        return fault.begin(site, args);
      },
    },
    {
      name: fault.undoName,
      event: fault.undoTitle,
      fault,
      repairs: true,
      leaves: fault.bondLeaves === 'at once' ? 'up' : null,
      apply: (site) => fault.end(site),
    },
  ]);
}

/** A verb by name. Throws UserError with the known names. */
export function verbNamed(name: string, faults: readonly FaultVerb[]): BreakVerb {
  const verbs = verbsOf(faults);
  const found = verbs.find((verb) => verb.name === name);
  if (found !== undefined) return found;
  const names = verbs.map((verb) => verb.name);
  throw new UserError(
    `unknown verb "${name}"; ${suggest(name, names)}`,
    `known: ${verbs.map((verb) => `${verb.name} (${verb.event})`).join(', ')}`,
  );
}
