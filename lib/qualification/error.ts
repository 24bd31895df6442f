/** A bundle does not hold what it must. The message is one sentence for a person. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}
