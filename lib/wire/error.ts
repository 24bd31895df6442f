/**
 * The only thing that wire code throws: the input is not what its format allows. `offset` is the byte that says so,
 * when one does.
 */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly offset: number | null;

  constructor(message: string, offset: number | null = null) {
    super(offset === null ? message : `${message} (byte ${offset})`);
    this.offset = offset;
  }
}
