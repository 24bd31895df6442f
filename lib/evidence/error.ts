/** An evidence folder cannot be read: the message names the file, what is wrong in it, and what to do. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
}
