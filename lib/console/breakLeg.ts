import type { Fault } from '../fault/fault.js';
import { verbNamed, type BreakVerb } from '../fault/verbs.js';
import { FaultClash, type FaultBench } from '../trial/faultBench.js';
import { UserError } from '../userError.js';

/** EX_UNAVAILABLE of sysexits.h. */
const MACHINE_LACKS = 69;

/**
 * Breaks or mends a leg as asked, through the bench that scenarios use, and resolves when the bond has noticed.
 *
 * @throws UserError for a verb that is not there, one that this machine cannot do, and one for which the leg is not in
 * the right state
 */
export async function breakLeg(
  bench: FaultBench,
  faults: readonly Fault[],
  leg: string,
  verbName: string,
): Promise<BreakVerb> {
  const verb = verbNamed(verbName, faults);
  if (verb.repairs) await mend(bench, leg, verb);
  else await make(bench, leg, verb);
  return verb;
}

async function mend(bench: FaultBench, leg: string, { name, fault }: BreakVerb): Promise<void> {
  const here = bench.inForce().filter((one) => one.leg === leg);
  const one = here.find((other) => other.fault.name === fault.name);
  if (one !== undefined) await one.repair();
  else
    throw new UserError(
      `"${name}" has nothing to mend: ${fault.name} is not in force on ${leg}`,
      here.length === 0
        ? 'nothing is in force there'
        : `what is: ${here.map((other) => `${other.fault.name}, which "${other.fault.undoName}" mends`).join('; ')}`,
    );
}

async function make(bench: FaultBench, leg: string, { name, fault }: BreakVerb): Promise<void> {
  const made = await bench.inflict(fault, leg).catch((error: unknown) => {
    throw error instanceof FaultClash ? new UserError(error.message) : error;
  });
  if (!made.ok)
    throw new UserError(
      `this machine cannot do ${name}: ${made.lack.output}`,
      `tried with: ${made.lack.command}`,
      MACHINE_LACKS,
    );
}
