import type { Lack } from '../../testbed/capability.js';
import { unmetNeeds } from '../../testbed/needs.js';
import type { CommandStep } from '../../testbed/change.js';
import type { Lab } from '../../testbed/lab.js';
import type { Tamper } from './types.js';
import { uncarried } from './uncarried.js';

/** Why a lab cannot do what a tamper does, and the command that showed it; null when it can. */
export async function lackingFor(lab: Lab, tamper: Tamper): Promise<Lack | null> {
  const [unmet] = await unmetNeeds(lab, tamper.needs ?? []);
  if (unmet !== undefined) return unmet;
  const lack = uncarried(lab, tamper) ?? tamper.lacks?.(lab) ?? null;
  if (lack !== null) return lack;
  for (const step of tamper.tries(lab)) {
    const failure = await failed(lab, tamper, step);
    if (failure !== null) return failure;
  }
  return null;
}

async function failed(lab: Lab, { name }: Tamper, { node, argv, input }: CommandStep): Promise<Lack | null> {
  const options = { mayFail: true, ...(input === undefined ? {} : { input }) };
  const { code, stdout, stderr } = await lab.node(node).exec(argv, options);
  if (code === 0) return null;
  const command = input === undefined ? argv.join(' ') : `${argv[0] ?? ''} '${input.trim()}'`;
  return { what: `the tamper ${name}`, command, output: (stderr || stdout).trim() };
}

/**
 * Puts a tamper to work in a lab, until the lab is gone or the changes are undone. Returns what the lab lacks for it;
 * nothing is changed then.
 */
export async function tamperWith(lab: Lab, tamper: Tamper): Promise<Lack | null> {
  const lack = await lackingFor(lab, tamper);
  if (lack !== null) return lack;
  for (const change of tamper.changes(lab)) await lab.apply(change);
  return null;
}
