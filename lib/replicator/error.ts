import { UserError } from '../userError.js';

/** The replicator did not come up, so nothing is known of what it would have done. The message has its last output. */
export class ReplicatorError extends Error {
  override readonly name = 'ReplicatorError';
}

/**
 * The file that describes a user's own replicator cannot be used. One `file:line:column: what; hint` line for each
 * problem.
 */
export class ReplicatorFileError extends UserError {
  constructor(message: string, hint: string | null = null) {
    super(message, hint);
    this.name = 'ReplicatorFileError';
  }
}
