import { z } from 'zod';
import { continueLease, type Lease } from '../../lease/lease.js';
import { LeaseError } from '../../lease/error.js';
import type { LeaseKeeper } from '../../lease/types.js';

const text = z.string().min(1).max(200);
const passSchema = z.strictObject({
  token: z.string().regex(/^[0-9a-f]{32}$/),
  holder: z.strictObject({ who: text, where: text, run: text, since: text }),
  /** What the journal calls this run. */
  run: text,
});

/** What a hold hands to the processes of its run. */
export type Pass = z.output<typeof passSchema>;

export const writePass = (pass: Pass): string => JSON.stringify(pass);

/** Goes on with the lease of a hold. Throws LeaseError when it is no longer held. */
export async function leaseOfPass(
  keeper: LeaseKeeper,
  pass: string,
): Promise<{ readonly lease: Lease; readonly run: string }> {
  const { token, holder, run } = passSchema.parse(JSON.parse(pass));
  const lease = await continueLease(keeper, token, holder, true);
  if (lease === null) throw new LeaseError(keeper.binding, 'was lost', await keeper.show());
  return { lease, run };
}
