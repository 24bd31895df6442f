/** Something that the person who typed the command can correct. Printed as message and hint, without a stack. */
export class UserError extends Error {
  readonly hint: string | null;
  readonly exitCode: number;

  /**
   * @param message what is wrong, one sentence
   * @param hint what to do next; null when the message says it already
   * @param exitCode one of `EXIT` in lib/cli/exitCodes.ts; 2 (usage) unless told
   */
  constructor(message: string, hint: string | null = null, exitCode = 2) {
    super(message);
    this.name = 'UserError';
    this.hint = hint;
    this.exitCode = exitCode;
  }
}
