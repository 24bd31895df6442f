import type { Topology } from '../topology/model.js';
import type { Lab } from '../testbed/lab.js';
import type { Testbed } from '../testbed/testbed.js';

/** What a check is given: the testbed, and a topology with two leaves and a VM. */
export interface Bench {
  readonly testbed: Testbed;
  readonly topology: Topology;
}

/** Something that every testbed must do. Throws with what it did instead. */
export interface Check {
  readonly name: string;
  run(bench: Bench): Promise<void>;
}

/** A testbed does not do what it must. */
export class ConformanceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConformanceError';
  }
}

/** Throws ConformanceError unless the condition holds. */
export function must(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new ConformanceError(otherwise);
}

export function mustEqual(seen: unknown, wanted: unknown, what: string): void {
  const [a, b] = [JSON.stringify(seen), JSON.stringify(wanted)];
  must(a === b, `${what}: ${a} and not ${b}`);
}

/** The error with which something failed. Throws ConformanceError if it did not fail. */
export async function failureOf(work: Promise<unknown>, what: string): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
  throw new ConformanceError(`${what} did not fail`);
}

/** A check that needs one lab. */
export function labCheck(name: string, run: (lab: Lab) => Promise<void>): Check {
  return {
    name,
    async run({ testbed, topology }) {
      await using lab = await testbed.open({ topology });
      await run(lab);
    },
  };
}
