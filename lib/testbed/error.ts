/** The testbed itself broke: not the replicator's fault, and never a verdict on it. */
export class TestbedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TestbedError';
  }
}
