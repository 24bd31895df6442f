/**
 * The only error that wire code throws: the input violates its format. `offset` is the offending byte, where there is
 * one.
 */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly offset: number | null;

  constructor(message: string, offset: number | null = null) {
    super(offset === null ? message : `${message} (byte ${offset})`);
    this.offset = offset;
  }
}
