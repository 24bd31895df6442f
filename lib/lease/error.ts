import { UserError } from '../userError.js';
import { describeState } from './holder.js';
import type { LeaseState } from './types.js';

/** EX_UNAVAILABLE of sysexits.h: the machines cannot be had now. */
const UNAVAILABLE = 69;

/** The lease of a binding cannot be had, or was lost: none of its machines may be touched. Says who holds it now. */
export class LeaseError extends UserError {
  readonly state: LeaseState;

  constructor(binding: string, what: string, state: LeaseState) {
    super(`the lease of ${binding} ${what}: it is ${describeState(state)}`, null, UNAVAILABLE);
    this.name = 'LeaseError';
    this.state = state;
  }
}
