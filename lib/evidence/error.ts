import { UserError } from '../userError.js';

/** An evidence folder cannot be read: the message names the file, what is wrong in it, and what to do. */
export class EvidenceError extends UserError {
  override readonly name = 'EvidenceError';

  constructor(message: string, options?: ErrorOptions) {
    super(message);
    if (options?.cause !== undefined) this.cause = options.cause;
  }
}
